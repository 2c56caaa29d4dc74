package dev.holdfast.daemon.runtime;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.log.NodeLog;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Effect.StoreName;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.LedgerEntry;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.node.model.StoreFault;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.store.Batch;
import dev.holdfast.store.CheckProgress;
import dev.holdfast.store.Name;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.Space;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreIdentity;
import dev.holdfast.store.StoreWitness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// The node's own store: made or opened once, then read and written from many threads.
public final class StoreDesk implements LedgerView, AutoCloseable {
  private static final Name NODE_RECORD = Name.of(Effect.NODE_RECORD);
  private static final Name STATEMENT = Name.of(Effect.STATEMENT);
  private static final int PENDING_SUFFIX = 1;
  private static final int RUNS_SUFFIX = 2;

  private final Path folder;
  private final SecureRandom random;
  private final NodeLog log;
  private final Maker maker;
  private final AtomicLong deposits = new AtomicLong();
  private final AtomicBoolean changed = new AtomicBoolean();
  private final AtomicBoolean resealing = new AtomicBoolean();
  private volatile Optional<SealedStore> open = Optional.empty();

  /// What is at `folder` was left by a failed [#create] of this process.
  private volatile boolean unfinished;

  /// @param folder of the store, which need not exist
  public StoreDesk(Path folder, SecureRandom random, NodeLog log) {
    this(folder, random, log, SealedStore::create);
  }

  StoreDesk(Path folder, SecureRandom random, NodeLog log, Maker maker) {
    this.log = log;
    this.folder = folder;
    this.random = random;
    this.maker = maker;
  }

  /// Makes an empty store.
  interface Maker {
    SealedStore create(
        Path folder,
        StoreIdentity identity,
        long generation,
        SecretBytes rootKey,
        SecureRandom random)
        throws StoreException;
  }

  /// True when the folder has anything in it.
  public boolean present() throws IOException {
    if (!Files.exists(folder)) {
      return false;
    }
    try (var entries = Files.list(folder)) {
      return entries.findAny().isPresent();
    }
  }

  /// The size of the store's files; empty while it is not open or cannot be measured.
  public Optional<Long> diskBytes() {
    try {
      Optional<SealedStore> store = open;
      return store.isPresent() ? Optional.of(store.get().diskBytes()) : Optional.empty();
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  /// The open store, for user values.
  public Optional<SealedStore> store() {
    return open;
  }

  /// A store with its node record or none: what a failed attempt leaves never held anything, and
  /// would be in the way of the next.
  Input create(StoreName store, SecretBytes rootKey, SecretBytes nodeRecord) {
    try (nodeRecord) {
      removeUnfinished();
      boolean absent = !Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
      try {
        return make(store, rootKey, nodeRecord);
      } finally {
        unfinished = absent && open.isEmpty();
        removeUnfinished();
      }
    } catch (StoreException e) {
      return notOpened(e);
    } catch (IOException e) {
      return new Input.StoreNotOpened(StoreFault.IO, DurableFiles.reason(e));
    }
  }

  private Input make(StoreName store, SecretBytes rootKey, SecretBytes nodeRecord)
      throws StoreException {
    SealedStore created =
        maker.create(folder, identity(store), store.generation(), rootKey, random);
    try {
      created.put(Space.NODE, NODE_RECORD, nodeRecord);
    } catch (StoreException e) {
      created.close();
      throw e;
    }
    return opened(created);
  }

  private void removeUnfinished() throws IOException {
    if (unfinished) {
      DurableFiles.deleteTree(folder);
      unfinished = false;
    }
  }

  Input open(StoreName store, SecretBytes rootKey) {
    try {
      return opened(SealedStore.open(folder, identity(store), rootKey, random));
    } catch (StoreException e) {
      return notOpened(e);
    }
  }

  Input peek(StoreName store) {
    try {
      return new Input.StorePeeked(mark(StoreWitness.peek(folder, identity(store))));
    } catch (StoreException e) {
      return new Input.StoreNotPeeked(text(e));
    }
  }

  Input writeNodeRecord(SecretBytes nodeRecord) {
    try (nodeRecord) {
      required().put(Space.NODE, NODE_RECORD, nodeRecord);
      return new Input.NodeRecordWritten();
    } catch (StoreException e) {
      return new Input.NodeRecordNotWritten(text(e));
    }
  }

  Input writeStatement(Bytes statement) {
    try (SecretBytes value = SecretBytes.take(statement.toArray())) {
      required().put(Space.NODE, STATEMENT, value);
      return new Input.StatementWritten();
    } catch (StoreException e) {
      return new Input.StatementNotWritten(text(e));
    }
  }

  /// What is no secret.
  private static Optional<Bytes> plain(Optional<SecretBytes> entry) {
    return entry.map(secret -> {
      try (secret) {
        return secret.apply(Bytes::copyOf);
      }
    });
  }

  Input writeLedger(Effect.WriteLedger write) {
    ExchangeId exchange = write.exchange();
    Batch batch = new Batch();
    try {
      write.changes().forEach(change -> add(batch, change, name(change.entry(), write.account())));
      if (!required().write(batch)) {
        return new Input.LedgerConflict(exchange);
      }
      write.changes().forEach(this::count);
      return new Input.LedgerWritten(exchange);
    } catch (StoreException e) {
      return new Input.LedgerFailed(exchange, text(e));
    } finally {
      write.changes().forEach(Effect.Change::close);
    }
  }

  private static void add(Batch batch, Effect.Change change, Name name) {
    change
        .expected()
        .ifPresentOrElse(
            expected -> batch.requireValue(Space.LEDGER, name, expected),
            () -> batch.requireAbsent(Space.LEDGER, name));
    switch (change) {
      case Effect.Change.Put put -> batch.put(Space.LEDGER, name, put.next());
      case Effect.Change.Delete _ -> batch.delete(Space.LEDGER, name);
      case Effect.Change.Keep _ -> {}
    }
  }

  private void count(Effect.Change change) {
    if (change.entry() != LedgerEntry.DEPOSIT) {
      return;
    }
    switch (change) {
      case Effect.Change.Put put when put.expected().isEmpty() -> deposits.incrementAndGet();
      case Effect.Change.Delete _ -> deposits.decrementAndGet();
      case Effect.Change.Put _, Effect.Change.Keep _ -> {}
    }
  }

  /// Drops what is left of a generation that never came to be, then adds the next.
  Input setWraps(Effect.SetWraps set) {
    try {
      SealedStore store = required();
      for (long generation : List.copyOf(store.generations())) {
        if (generation != set.keep()) {
          store.dropWrap(generation);
        }
      }
      if (set.next().isPresent()) {
        store.addWrap(set.next().get().generation(), set.next().get().rootKey());
      }
      resealInBackground(store);
      return new Input.WrapsSet();
    } catch (StoreException e) {
      return new Input.WrapsNotSet(text(e));
    }
  }

  /// Ends a rotation: what lies under older data keys is sealed anew beside the node's work. When
  /// that fails or the process ends, the next open goes on.
  private void resealInBackground(SealedStore store) throws StoreException {
    if (store.generations().size() > 1 || store.dataKeys() == 1 || resealing.getAndSet(true)) {
      return;
    }
    Thread.ofVirtual()
        .name("reseal")
        .uncaughtExceptionHandler((thread, bug) -> log.bug(bug))
        .start(() -> {
          try {
            store.reseal(CheckProgress.NONE);
          } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.CLOSED) {
              log.effectFailed("reseal", text(e));
            }
          } finally {
            resealing.set(false);
          }
        });
  }

  /// The account alone for its deposit, and one byte more for what else is kept of it.
  private static Name name(LedgerEntry entry, AccountId account) {
    return switch (entry) {
      case DEPOSIT -> Name.of(account.bytes());
      case PENDING -> suffixed(account, PENDING_SUFFIX);
      case RUNS -> suffixed(account, RUNS_SUFFIX);
    };
  }

  private static Name suffixed(AccountId account, int suffix) {
    return Name.of(new ByteWriter().bytes(account.bytes()).u8(suffix).toBytes());
  }

  /// Users have written. True when nobody was told of that since the mark was last read.
  public boolean noteUserWrite() {
    return !changed.getAndSet(true);
  }

  /// How the store stands; what was acknowledged before this call is in it.
  ///
  /// @throws IOException when the store cannot be read
  public StoreMark mark() throws IOException {
    try {
      return mark(required());
    } catch (StoreException e) {
      throw new IOException(text(e), e);
    }
  }

  private static StoreMark mark(SealedStore store) throws StoreException {
    return mark(new StoreWitness.Pair(store.witness(), store.ledgerWitness()));
  }

  private static StoreMark mark(StoreWitness.Pair pair) {
    return new StoreMark(
        pair.store().version(), pair.store().mac(), pair.ledger().version(), pair.ledger().mac());
  }

  Input readMark() {
    changed.set(false);
    try {
      return new Input.MarkRead(mark(required()));
    } catch (StoreException e) {
      changed.set(true);
      return new Input.MarkNotRead(text(e));
    }
  }

  @Override
  public Optional<SecretBytes> find(AccountId depositor) throws IOException {
    try {
      return required().get(Space.LEDGER, name(LedgerEntry.DEPOSIT, depositor));
    } catch (StoreException e) {
      throw new IOException(text(e), e);
    }
  }

  @Override
  public Optional<SecretBytes> pending(AccountId depositor) throws IOException {
    try {
      return required().get(Space.LEDGER, name(LedgerEntry.PENDING, depositor));
    } catch (StoreException e) {
      throw new IOException(text(e), e);
    }
  }

  @Override
  public boolean holds(AccountId depositor) throws IOException {
    try {
      return required().exists(Space.LEDGER, name(LedgerEntry.DEPOSIT, depositor))
          || required().exists(Space.LEDGER, name(LedgerEntry.PENDING, depositor));
    } catch (StoreException e) {
      throw new IOException(text(e), e);
    }
  }

  @Override
  public Optional<Bytes> runs(AccountId depositor) throws IOException {
    try {
      Optional<SecretBytes> entry = required().get(Space.LEDGER, name(LedgerEntry.RUNS, depositor));
      return entry.map(secret -> {
        try (secret) {
          return secret.apply(Bytes::copyOf);
        }
      });
    } catch (StoreException e) {
      throw new IOException(text(e), e);
    }
  }

  @Override
  public long count() {
    return deposits.get();
  }

  /// Waits for calls under way and erases the store's keys.
  @Override
  public void close() {
    Optional<SealedStore> store = open;
    try {
      if (store.isPresent()) {
        store.get().close();
      }
    } catch (StoreException e) {
      // Whatever was acknowledged is durable; the keys are erased in any case.
      log.effectFailed("close-store", text(e));
    }
  }

  /// Takes `store` over: it is closed, and can be opened again, when it cannot be used.
  private Input opened(SealedStore store) throws StoreException {
    try {
      deposits.set(
          store.list(Space.LEDGER).stream()
              .filter(name -> name.bytes().size() == AccountId.SIZE)
              .count());
      Optional<SecretBytes> nodeRecord = store.get(Space.NODE, NODE_RECORD);
      if (nodeRecord.isPresent()) {
        open = Optional.of(store);
        resealInBackground(store);
        return new Input.StoreOpened(
            nodeRecord.get(), plain(store.get(Space.NODE, STATEMENT)), this, mark(store));
      }
      return new Input.StoreNotOpened(
          StoreFault.CORRUPTED, "expected the node's own record in the store, found none");
    } finally {
      if (open.isEmpty()) {
        store.close();
      }
    }
  }

  private static Input notOpened(StoreException e) {
    StoreFault fault =
        switch (e.kind()) {
          case WRONG_KEY -> StoreFault.WRONG_KEY;
          case WRONG_ACCOUNT, WRONG_STORE -> StoreFault.WRONG_ACCOUNT;
          case CORRUPTED, UNSUPPORTED_VERSION -> StoreFault.CORRUPTED;
          case ROLLED_BACK -> StoreFault.ROLLED_BACK;
          case LOCKED -> StoreFault.LOCKED;
          case FULL -> StoreFault.FULL;
          case MISSING -> StoreFault.MISSING;
          case EXISTS -> StoreFault.EXISTS;
          case FAILED, CLOSED -> StoreFault.IO;
        };
    return new Input.StoreNotOpened(fault, text(e));
  }

  private SealedStore required() {
    return open.orElseThrow(() -> new InvariantError("the store is used before it is open"));
  }

  private static StoreIdentity identity(StoreName store) {
    return new StoreIdentity(store.storeId(), store.account().bytes());
  }

  private static String text(StoreException e) {
    return String.valueOf(e.getMessage());
  }
}
