package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.LedgerEntry;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.node.model.StoreFault;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.run.StoreMark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
  final List<LogFact> log = new ArrayList<>();
  boolean logFails;

  /// A store as the fake keeps it.
  static final class Store implements LedgerView {
    Effect.StoreName name;
    final Map<Long, Bytes> wraps = new TreeMap<>();
    Bytes nodeRecord;
    final Map<AccountId, Bytes> ledger = new TreeMap<>();
    final Map<AccountId, Bytes> pending = new TreeMap<>();
    final Map<AccountId, Bytes> runs = new TreeMap<>();
    final Map<String, String> users = new TreeMap<>();
    Optional<Bytes> statement = Optional.empty();
    long version = 1;
    long ledgerVersion;

    private Store(Effect.StoreName name, Bytes nodeRecord) {
      this.name = name;
      this.nodeRecord = nodeRecord;
    }

    @Override
    public Optional<SecretBytes> find(AccountId depositor) {
      return Optional.ofNullable(ledger.get(depositor)).map(Disk::secret);
    }

    @Override
    public boolean holds(AccountId depositor) {
      return ledger.containsKey(depositor) || pending.containsKey(depositor);
    }

    @Override
    public Optional<SecretBytes> pending(AccountId depositor) {
      return Optional.ofNullable(pending.get(depositor)).map(Disk::secret);
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

    private Map<AccountId, Bytes> entries(LedgerEntry entry) {
      return switch (entry) {
        case DEPOSIT -> ledger;
        case PENDING -> pending;
        case RUNS -> runs;
      };
    }

    /// Makes all changes, if everything is as expected.
    boolean write(Effect.WriteLedger write) {
      AccountId account = write.account();
      for (Effect.Change change : write.changes()) {
        Optional<Bytes> held = Optional.ofNullable(entries(change.entry()).get(account));
        if (!held.equals(change.expected().map(Disk::plain))) {
          return false;
        }
      }
      for (Effect.Change change : write.changes()) {
        switch (change) {
          case Effect.Change.Put put -> entries(put.entry()).put(account, plain(put.next()));
          case Effect.Change.Delete delete -> entries(delete.entry()).remove(account);
          case Effect.Change.Keep _ -> {}
        }
      }
      ledgerVersion++;
      return true;
    }

    void setWraps(Effect.SetWraps set) {
      wraps.keySet().removeIf(generation -> generation != set.keep());
      set.next().ifPresent(next -> wraps.put(next.generation(), digest(next.rootKey())));
    }

    StoreMark mark() {
      return new StoreMark(
          version,
          hash(nodeRecord + users.toString() + statement),
          ledgerVersion,
          hash(ledger + "" + pending + runs));
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
    Store made = new Store(effect.store(), record);
    made.wraps.put(effect.store().generation(), digest(effect.rootKey()));
    store = Optional.of(made);
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
    Optional<Bytes> wrap = Optional.ofNullable(store.get().wraps.get(effect.store().generation()));
    return wrap.equals(Optional.of(digest(effect.rootKey())))
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
      Store same = new Store(original.name, original.nodeRecord);
      same.wraps.putAll(original.wraps);
      same.pending.putAll(original.pending);
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
