package dev.holdfast.daemon.runtime;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.NodeLog;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Effect.StoreName;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.node.model.StoreFault;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.store.Batch;
import dev.holdfast.store.Name;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.Space;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The node's own store: made or opened once, then read and written from many threads.
public final class StoreDesk implements LedgerView, AutoCloseable {
  private static final Name NODE_RECORD = Name.of(Effect.NODE_RECORD);

  private final Path folder;
  private final SecureRandom random;
  private final NodeLog log;
  private final Maker maker;
  private final AtomicLong deposits = new AtomicLong();
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

  Input writeNodeRecord(SecretBytes nodeRecord) {
    try (nodeRecord) {
      required().put(Space.NODE, NODE_RECORD, nodeRecord);
      return new Input.NodeRecordWritten();
    } catch (StoreException e) {
      return new Input.NodeRecordNotWritten(text(e));
    }
  }

  Input writeLedger(Effect.WriteLedger write) {
    ExchangeId exchange = write.exchange();
    Name name = Name.of(write.depositor().bytes());
    try (SecretBytes entry = write.entry()) {
      Batch batch = new Batch().put(Space.LEDGER, name, entry);
      write
          .expected()
          .ifPresentOrElse(
              expected -> batch.requireValue(Space.LEDGER, name, expected),
              () -> batch.requireAbsent(Space.LEDGER, name));
      if (!required().write(batch)) {
        return new Input.LedgerConflict(exchange);
      }
      if (write.expected().isEmpty()) {
        deposits.incrementAndGet();
      }
      return new Input.LedgerWritten(exchange);
    } catch (StoreException e) {
      return new Input.LedgerFailed(exchange, text(e));
    } finally {
      write.expected().ifPresent(SecretBytes::close);
    }
  }

  @Override
  public Optional<SecretBytes> find(AccountId depositor) throws IOException {
    try {
      return required().get(Space.LEDGER, Name.of(depositor.bytes()));
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
      deposits.set(store.list(Space.LEDGER).size());
      Optional<SecretBytes> nodeRecord = store.get(Space.NODE, NODE_RECORD);
      if (nodeRecord.isPresent()) {
        open = Optional.of(store);
        return new Input.StoreOpened(nodeRecord.get(), this);
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
