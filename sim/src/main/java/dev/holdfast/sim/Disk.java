package dev.holdfast.sim;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.LedgerEntry;
import dev.holdfast.node.model.StoreFault;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.run.StoreMark;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What survives a node's process: its manifests and its store. Whatever stands here is durable;
/// writes under way are with the process ([Run]). The store keeps everything in the clear, so that
/// checkers can look, and tells the same faults apart as the real one.
final class Disk {
  private static final String HISTORY = "history";

  Optional<Bytes> manifest = Optional.empty();
  Optional<Bytes> pending = Optional.empty();
  Optional<Store> store = Optional.empty();

  /// A store; without a node record its making was cut short.
  static final class Store {
    final Effect.StoreName name;
    final Map<Long, Bytes> wraps = new TreeMap<>();
    Optional<Bytes> nodeRecord = Optional.empty();
    final Map<AccountId, Bytes> ledger = new TreeMap<>();
    final Map<AccountId, Bytes> pending = new TreeMap<>();
    final Map<AccountId, Bytes> runs = new TreeMap<>();
    final Map<Bytes, Bytes> users = new TreeMap<>();
    Optional<Bytes> statement = Optional.empty();

    /// Versions, and a hash over the history that led there in place of the set's digest.
    private StoreMark mark = new StoreMark(0, Bytes.zero(32), 0, Bytes.zero(32));

    Store(Effect.StoreName name, Bytes keyDigest) {
      this.name = name;
      wraps.put(name.generation(), keyDigest);
    }

    void put(Bytes key, Bytes value) {
      users.put(key, value);
      stored(Frame.of(HISTORY, key, value));
    }

    void writeNodeRecord(Bytes record) {
      nodeRecord = Optional.of(record);
      stored(record);
    }

    void writeStatement(Bytes latest) {
      statement = Optional.of(latest);
      stored(latest);
    }

    private void stored(Bytes change) {
      Bytes mac = Frame.of(HISTORY, mark.storeMac(), change).sha256();
      mark = new StoreMark(mark.storeVersion() + 1, mac, mark.ledgerVersion(), mark.ledgerMac());
    }

    Map<AccountId, Bytes> entries(LedgerEntry entry) {
      return switch (entry) {
        case DEPOSIT -> ledger;
        case PENDING -> pending;
        case RUNS -> runs;
      };
    }

    /// All in one: an entry without a value is deleted.
    void write(AccountId account, Map<LedgerEntry, Optional<Bytes>> changes) {
      Frame history = Frame.of(HISTORY).add(mark.ledgerMac()).add(account.bytes());
      changes.forEach((entry, next) -> {
        history.add(entry.name()).add(next.orElse(Bytes.EMPTY));
        next.ifPresentOrElse(
            value -> entries(entry).put(account, value), () -> entries(entry).remove(account));
      });
      Bytes mac = history.toBytes().sha256();
      mark = new StoreMark(mark.storeVersion(), mark.storeMac(), mark.ledgerVersion() + 1, mac);
    }

    StoreMark mark() {
      return mark;
    }

    private Store copy() {
      Store copy = new Store(name, Bytes.EMPTY);
      copy.wraps.putAll(wraps);
      copy.pending.putAll(pending);
      copy.nodeRecord = nodeRecord;
      copy.ledger.putAll(ledger);
      copy.runs.putAll(runs);
      copy.users.putAll(users);
      copy.statement = statement;
      copy.mark = mark;
      return copy;
    }
  }

  Disk copy() {
    Disk copy = new Disk();
    copy.manifest = manifest;
    copy.pending = pending;
    copy.store = store.map(Store::copy);
    return copy;
  }

  /// What opening the store as `wanted` with a key of this digest comes to; empty when it opens.
  Optional<StoreFault> fault(Effect.StoreName wanted, Bytes keyDigest) {
    if (store.isEmpty()) {
      return Optional.of(StoreFault.MISSING);
    }
    Store found = store.get();
    if (!found.name.account().equals(wanted.account())
        || !found.name.storeId().equals(wanted.storeId())) {
      return Optional.of(StoreFault.WRONG_ACCOUNT);
    }
    if (!found.wraps.containsValue(keyDigest)) {
      return Optional.of(StoreFault.WRONG_KEY);
    }
    return found.nodeRecord.isPresent() ? Optional.empty() : Optional.of(StoreFault.CORRUPTED);
  }

  /// The account whose store this is.
  Optional<AccountId> account() {
    return store.map(present -> present.name.account());
  }

  static Bytes plain(SecretBytes secret) {
    return secret.apply(Bytes::copyOf);
  }

  static SecretBytes secret(Bytes bytes) {
    return SecretBytes.take(bytes.toArray());
  }
}
