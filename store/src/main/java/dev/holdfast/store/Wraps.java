package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.keys.KeyRing;
import dev.holdfast.store.keys.RunKeys;
import dev.holdfast.store.keys.WrapKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The header of an open store and the key-encryption keys that this process knows; changes which
/// root keys open the store, each time in one atomic write.
///
/// Every change draws a new header key: who knows a dropped root key and an old copy of the header
/// cannot read the new one.
///
/// Spec: docs/spec/store.md#rotation
final class Wraps implements AutoCloseable {
  private final SecureRandom random;
  private final RunKeys runs;
  private final List<WrapKey> known = new ArrayList<>();
  private Header header;
  private KeyRing keys;

  Wraps(Header.Opened opened, RunKeys runs, SecureRandom random) {
    this.header = opened.header();
    this.keys = opened.keys();
    this.runs = runs;
    this.random = random;
    known.add(opened.wrapKey());
  }

  synchronized List<Long> generations() {
    return header.generations();
  }

  /// Adds a wrap, and a data key for what is written from now on.
  ///
  /// @throws IllegalArgumentException when `generation` is not above the present one
  /// @throws IllegalStateException when there are two wraps already
  synchronized void add(long generation, SecretBytes rootKey, Committer committer)
      throws StoreException {
    if (header.wraps().size() == Header.MAX_WRAPS) {
      throw new IllegalStateException("a store has at most two wraps");
    }
    if (generation <= header.generations().getLast()) {
      throw new IllegalArgumentException("generations only grow");
    }
    WrapKey wrapKey = WrapKey.derive(generation, rootKey);
    KeyRing wider = keys.withDataKey(generation, random);
    List<WrapKey> wrapKeys = new ArrayList<>(known);
    wrapKeys.add(wrapKey);
    boolean committed = false;
    try {
      replace(wrapKeys, wider, committer);
      committed = true;
    } finally {
      if (!committed) {
        wrapKey.close();
        wider.newest().key().close();
      }
    }
    known.add(wrapKey);
    keys = wider;
    runs.use(wider);
  }

  /// Drops the wrap of `generation`.
  ///
  /// @throws IllegalArgumentException when there is no such wrap
  /// @throws IllegalStateException when no wrap would be left whose root key this process knows
  synchronized void drop(long generation, Committer committer) throws StoreException {
    if (!header.generations().contains(generation)) {
      throw new IllegalArgumentException("the store has no wrap of this generation");
    }
    List<WrapKey> left = known.stream().filter(key -> key.generation() != generation).toList();
    if (left.isEmpty()) {
      throw new IllegalStateException("the store would be left without a known root key");
    }
    replace(left, keys, committer);
    known.stream().filter(key -> key.generation() == generation).forEach(WrapKey::close);
    known.removeIf(key -> key.generation() == generation);
  }

  /// The data keys; the one for new records is the last.
  synchronized KeyRing keys() {
    return keys;
  }

  /// Ends that data keys below `keyId` open anything. No record lies under them any more.
  ///
  /// @return the ring that had them, whose keys the caller erases; empty when there is a wrap whose
  ///   root key this process does not know: it could not go into the new header
  synchronized Optional<KeyRing> dropDataKeys(int keyId, Committer committer)
      throws StoreException {
    if (known.size() < header.wraps().size()) {
      return Optional.empty();
    }
    KeyRing before = keys;
    KeyRing narrower = keys.withoutBelow(keyId);
    replace(known, narrower, committer);
    keys = narrower;
    runs.use(narrower);
    return Optional.of(before);
  }

  @Override
  public synchronized void close() {
    known.forEach(WrapKey::close);
  }

  private void replace(List<WrapKey> wrapKeys, KeyRing newKeys, Committer committer)
      throws StoreException {
    Header next = Header.seal(header.identity(), wrapKeys, newKeys, random);
    Bytes encoded = next.encode();
    Prepared.Outcome outcome = committer.commit(new Prepared(List.of(), List.of(), encoded));
    InvariantError.check(outcome == Prepared.Outcome.APPLIED, "a header has no conditions");
    header = next;
  }
}
