package dev.holdfast.entropy.server;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.store.Name;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.Space;
import dev.holdfast.store.StoreException;
import java.util.Optional;

/// The keys that others deposited here, in this server's own store: they survive its restart (G6).
///
/// **The first key of an account stays.** The original overwrites, and since its signatures say
/// nothing of their purpose anybody can replay one (G5). Its servers draw a new account with each
/// new key, so an honest one never has two.
final class Deposits {
  static final int KEY_SIZE = 32;

  /// Most accounts.
  static final int MAX = 100_000;

  private static final Bytes PREFIX = Bytes.utf8("entropy-v1/deposit/");

  private final SealedStore store;
  private final int max;
  private int count;

  private Deposits(SealedStore store, int max, int count) {
    this.store = store;
    this.max = max;
    this.count = count;
  }

  /// Those in `store`; takes new accounts up to `max`.
  static Deposits of(SealedStore store, int max) throws StoreException {
    return new Deposits(store, max, store.list(Space.LEDGER).size());
  }

  /// What became of a deposit.
  enum Outcome {
    KEPT,
    ANOTHER_IS_HELD,
    FULL
  }

  /// Keeps `key` for `account`; on disk when this returns. The same key again is no change.
  synchronized Outcome keep(Account account, SecretBytes key) throws StoreException {
    Optional<SecretBytes> held = find(account);
    if (held.isPresent()) {
      try (SecretBytes before = held.get()) {
        return before.sameAs(key) ? Outcome.KEPT : Outcome.ANOTHER_IS_HELD;
      }
    }
    if (count >= max) {
      return Outcome.FULL;
    }
    store.put(Space.LEDGER, name(account), key);
    count++;
    return Outcome.KEPT;
  }

  /// The key of `account`, which the caller closes.
  Optional<SecretBytes> find(Account account) throws StoreException {
    return store.get(Space.LEDGER, name(account));
  }

  private static Name name(Account account) {
    return Name.of(new ByteWriter().bytes(PREFIX).bytes(account.bytes()).toBytes());
  }
}
