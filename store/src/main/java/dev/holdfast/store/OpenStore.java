package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.Sealer.Head;
import dev.holdfast.store.Sealer.Opened;
import dev.holdfast.store.StateSealer.SealedState;
import dev.holdfast.store.StateSealer.Witnessed;
import dev.holdfast.store.StoreException.Kind;
import dev.holdfast.store.StoreState.SideState;
import dev.holdfast.store.keys.KeyRing;
import dev.holdfast.store.keys.RunKeys;
import dev.holdfast.store.keys.SealId;
import dev.holdfast.store.keys.WrapKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// The parts of a store that is open and checked.
///
/// Spec: docs/spec/store.md#open
record OpenStore(
    StoreFolder folder, Engine engine, Wraps wraps, Sealer sealer, Committer committer, Index index)
    implements AutoCloseable {

  /// Makes a store of no records beside `path` and moves it there when it is complete.
  static StoreFolder create(Path path, StoreIdentity identity, WrapKey wrapKey, SecureRandom random)
      throws StoreException {
    StoreFolder folder = StoreFolder.createBeside(path);
    try {
      try (KeyRing keys = KeyRing.generate(wrapKey.generation(), random);
          Engine engine = Engine.create(folder.engine())) {
        Header header = Header.seal(identity, List.of(wrapKey), keys, random);
        writeEmpty(engine, identity, header.encode(), keys, random);
      }
      return folder.moveTo(path);
    } catch (StoreException | RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  /// Opens the engine in `folder`, finds the keys, checks everything. Closes `folder` on failure.
  static OpenStore open(
      StoreFolder folder,
      StoreIdentity expected,
      SecretBytes rootKey,
      SecureRandom random,
      CheckProgress progress)
      throws StoreException {
    try {
      Engine engine = Engine.open(folder.engine());
      try {
        return open(folder, engine, expected, rootKey, random, progress);
      } catch (StoreException | RuntimeException | Error e) {
        engine.close();
        throw e;
      }
    } catch (StoreException | RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  /// What can be read without a key.
  static StoreWitness.Pair peek(Path path, StoreIdentity expected) throws StoreException {
    try (StoreFolder folder = StoreFolder.open(path);
        Engine engine = Engine.openToRead(folder.engine())) {
      requireIdentity(
          expected, Header.parse(require(engine, Engine.Keys.header(), "header")).identity());
      return StateSealer.readable(require(engine, Engine.Keys.state(), "state"));
    }
  }

  /// Checks everything in `folder` as [#open] does, and leaves it locked.
  static void check(
      StoreFolder folder,
      StoreIdentity expected,
      SecretBytes rootKey,
      SecureRandom random,
      CheckProgress progress)
      throws StoreException {
    try (Engine engine = Engine.open(folder.engine())) {
      open(folder, engine, expected, rootKey, random, progress).eraseKeys();
    }
  }

  @Override
  public void close() throws StoreException {
    eraseKeys();
    engine.close();
    folder.close();
  }

  private void eraseKeys() {
    committer.stateSealer().close();
    sealer.close();
    sealer.runs().close();
    wraps.close();
  }

  /// The present record at `key`, whose value the caller closes; null when there is none.
  ///
  /// @throws StoreException `CORRUPTED` when the engine serves anything but the present record
  @Nullable Opened read(RecordKey key) throws StoreException {
    SealId present = index.find(key);
    if (present == null) {
      return null;
    }
    byte[] stored = engine.get(key.toArray());
    if (stored != null) {
      Head head = sealer.head(key, stored);
      if (head.seal().equals(present)) {
        return sealer.open(key, head, stored);
      }
    }
    return committer.settled(() -> readSettled(key));
  }

  // A commit may stand between engine and index: this runs while none does.
  private @Nullable Opened readSettled(RecordKey key) throws StoreException {
    SealId present = index.find(key);
    byte[] stored = engine.get(key.toArray());
    if (present == null && stored == null) {
      return null;
    }
    if (stored == null || !sealer.head(key, stored).seal().equals(present)) {
      throw StoreException.corrupted(
          "%s: expected its present record, found %s: the disk changed while the store was open"
              .formatted(key, stored == null ? "none" : "another"));
    }
    return sealer.open(key, stored);
  }

  /// Reads the record at `key` again.
  ///
  /// @throws StoreException `CORRUPTED` when it is not the present one, or lies where another name
  ///   belongs
  void recheck(RecordKey key) throws StoreException {
    Opened opened = read(key);
    if (opened != null) {
      opened.value().close();
      if (!sealer.keyOf(key.space(), opened.name()).equals(key)) {
        throw StoreException.corrupted(key + ": it holds another name's record");
      }
    }
  }

  /// Reads header and state again.
  ///
  /// @throws StoreException `CORRUPTED` when one is not what was written last
  void recheckHead() throws StoreException {
    committer.settled(() -> {
      Witnessed committed = committer.committed();
      Bytes header = Bytes.copyOf(require(engine, Engine.Keys.header(), "header"));
      byte[] state = require(engine, Engine.Keys.state(), "state");
      if (!header.sha256().equals(committed.state().headerDigest())
          || !committer.stateSealer().open(state).equals(committed)) {
        throw StoreException.corrupted(
            "store: header or state is not the one written last: the disk changed while it was"
                + " open");
      }
      return null;
    });
  }

  private static OpenStore open(
      StoreFolder folder,
      Engine engine,
      StoreIdentity expected,
      SecretBytes rootKey,
      SecureRandom random,
      CheckProgress progress)
      throws StoreException {
    byte[] header = require(engine, Engine.Keys.header(), "header");
    Header.Opened opened = openHeader(header, expected, rootKey);
    RunKeys runs = new RunKeys(opened.keys(), random);
    Wraps wraps = new Wraps(opened, runs, random);
    Sealer sealer = new Sealer(opened.keys(), runs);
    StateSealer stateSealer = new StateSealer(expected, opened.keys(), sealer);
    try {
      StoreCheck.loadSalts(engine, runs);
      byte[] storedState = require(engine, Engine.Keys.state(), "state");
      Witnessed witnessed = stateSealer.open(storedState);
      if (!witnessed.state().headerDigest().equals(Bytes.copyOf(header).sha256())) {
        throw StoreException.corrupted("header: it is not the one that the state was written with");
      }
      int stateSalt = stateSealer.saltId(storedState);
      StoreCheck.Checked checked =
          StoreCheck.run(engine, sealer, witnessed.state(), stateSalt, progress);
      Committer committer = new Committer(engine, sealer, stateSealer, checked, witnessed);
      return new OpenStore(folder, engine, wraps, sealer, committer, checked.index());
    } catch (StoreException | RuntimeException | Error e) {
      stateSealer.close();
      sealer.close();
      runs.close();
      wraps.close();
      throw e;
    }
  }

  /// @throws StoreException `CORRUPTED`, `UNSUPPORTED_VERSION`, `WRONG_ACCOUNT`, `WRONG_STORE` or
  ///   `WRONG_KEY`
  static Header.Opened openHeader(byte[] encoded, StoreIdentity expected, SecretBytes rootKey)
      throws StoreException {
    Header header = Header.parse(encoded);
    requireIdentity(expected, header.identity());
    return header.open(rootKey);
  }

  static byte[] require(Engine engine, byte[] key, String what) throws StoreException {
    byte[] value = engine.get(key);
    if (value == null) {
      throw StoreException.corrupted("store: the " + what + " is missing");
    }
    return value;
  }

  /// @throws StoreException `WRONG_ACCOUNT` or `WRONG_STORE`
  static void requireIdentity(StoreIdentity expected, StoreIdentity found) throws StoreException {
    if (!expected.account().equals(found.account())) {
      throw new StoreException(
          Kind.WRONG_ACCOUNT,
          "store: expected account %s, found %s".formatted(expected.account(), found.account()));
    }
    if (!expected.storeId().equals(found.storeId())) {
      throw new StoreException(
          Kind.WRONG_STORE,
          "store: expected store id %s, found %s".formatted(expected.storeId(), found.storeId()));
    }
  }

  private static void writeEmpty(
      Engine engine, StoreIdentity identity, Bytes header, KeyRing keys, SecureRandom random)
      throws StoreException {
    StoreState empty = new StoreState(SideState.EMPTY, SideState.EMPTY, header.sha256());
    try (RunKeys runs = new RunKeys(keys, random);
        Sealer sealer = new Sealer(keys, runs);
        StateSealer stateSealer = new StateSealer(identity, keys, sealer);
        WriteBatch batch = new WriteBatch()) {
      SealedState state = stateSealer.seal(empty);
      batch.put(Engine.Keys.header(), header.toArray());
      batch.put(Engine.Keys.salt(state.run().saltId()), state.run().salt().toArray());
      batch.put(Engine.Keys.state(), state.stored().toArray());
      engine.write(batch);
    } catch (RocksDBException e) {
      throw Engine.translate("write", Engine.kind(e), e);
    }
  }
}
