package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.LedgerEntry;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.node.model.StoreFault;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.run.StoreMark;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What survives a node's process: its manifests and its store. The store is a fake that keeps
/// everything in the clear and tells the faults of the real one apart.
final class Disk {
  Optional<Bytes> manifest = Optional.empty();
  Optional<Bytes> pending = Optional.empty();
  Optional<Store> store = Optional.empty();
  int setAside;

  /// A store as the fake keeps it.
  static final class Store implements LedgerView {
    Effect.StoreName name;
    final Bytes keyDigest;
    Bytes nodeRecord;
    final Map<AccountId, Bytes> ledger = new TreeMap<>();
    final Map<AccountId, Bytes> runs = new TreeMap<>();
    final Map<String, String> users = new TreeMap<>();
    Optional<Bytes> statement = Optional.empty();
    long version = 1;
    long ledgerVersion;

    private Store(Effect.StoreName name, Bytes keyDigest, Bytes nodeRecord) {
      this.name = name;
      this.keyDigest = keyDigest;
      this.nodeRecord = nodeRecord;
    }

    @Override
    public Optional<SecretBytes> find(AccountId depositor) {
      return Optional.ofNullable(ledger.get(depositor)).map(Disk::secret);
    }

    @Override
    public boolean holds(AccountId depositor) {
      return ledger.containsKey(depositor);
    }

    @Override
    public Optional<Bytes> runs(AccountId depositor) {
      return Optional.ofNullable(runs.get(depositor));
    }

    void writeNodeRecord(Bytes record) {
      nodeRecord = record;
      version++;
    }

    void writeStatement(Bytes latest) {
      statement = Optional.of(latest);
      version++;
    }

    /// What a user does.
    void put(String name, String value) {
      users.put(name, value);
      version++;
    }

    /// Replaces an entry, if it is the expected one.
    boolean write(LedgerEntry entry, AccountId account, Optional<Bytes> expected, Bytes next) {
      Map<AccountId, Bytes> entries =
          switch (entry) {
            case DEPOSIT -> ledger;
            case RUNS -> runs;
          };
      if (!Optional.ofNullable(entries.get(account)).equals(expected)) {
        return false;
      }
      entries.put(account, next);
      ledgerVersion++;
      return true;
    }

    StoreMark mark() {
      return new StoreMark(
          version,
          hash(nodeRecord + users.toString() + statement),
          ledgerVersion,
          hash(ledger + "" + runs));
    }

    private static Bytes hash(String content) {
      return Bytes.copyOf(content.getBytes(StandardCharsets.UTF_8)).sha256();
    }

    @Override
    public long count() {
      return ledger.size();
    }

    /// Flips one bit of the share held for `depositor`: whoever releases it lies.
    void spoilShare(AccountId depositor) {
      byte[] entry = Optional.ofNullable(ledger.get(depositor)).orElseThrow().toArray();
      entry[0] ^= 1;
      ledger.put(depositor, Bytes.copyOf(entry));
    }
  }

  Optional<StoreFault> create(Effect.CreateStore effect) {
    if (store.isPresent()) {
      return Optional.of(StoreFault.EXISTS);
    }
    Bytes record = plain(effect.nodeRecord());
    effect.nodeRecord().close();
    store = Optional.of(new Store(effect.store(), digest(effect.rootKey()), record));
    return Optional.empty();
  }

  Optional<StoreFault> open(Effect.OpenStore effect) {
    if (store.isEmpty()) {
      return Optional.of(StoreFault.MISSING);
    }
    Effect.StoreName found = store.get().name;
    if (!found.account().equals(effect.store().account())
        || !found.storeId().equals(effect.store().storeId())) {
      return Optional.of(StoreFault.WRONG_ACCOUNT);
    }
    return store.get().keyDigest.equals(digest(effect.rootKey()))
        ? Optional.empty()
        : Optional.of(StoreFault.WRONG_KEY);
  }

  void setPendingAside() {
    setAside++;
    pending = Optional.empty();
    store = Optional.empty();
  }

  /// Another disk with the same content.
  Disk copy() {
    Disk copy = new Disk();
    copy.manifest = manifest;
    copy.pending = pending;
    store.ifPresent(original -> {
      Store same = new Store(original.name, original.keyDigest, original.nodeRecord);
      same.ledger.putAll(original.ledger);
      same.runs.putAll(original.runs);
      same.users.putAll(original.users);
      same.statement = original.statement;
      same.version = original.version;
      same.ledgerVersion = original.ledgerVersion;
      copy.store = Optional.of(same);
    });
    return copy;
  }

  static SecretBytes secret(Bytes bytes) {
    return SecretBytes.take(bytes.toArray());
  }

  static Bytes plain(SecretBytes secret) {
    return secret.apply(Bytes::copyOf);
  }

  private static Bytes digest(SecretBytes secret) {
    return plain(secret).sha256();
  }
}
