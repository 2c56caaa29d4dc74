package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.Hkdf;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.Prepared.Demand;
import dev.holdfast.store.Prepared.Outcome;
import dev.holdfast.store.Prepared.Step;
import dev.holdfast.store.Sealer.Content;
import dev.holdfast.store.Sealer.Opened;
import dev.holdfast.store.StoreException.Kind;
import dev.holdfast.store.keys.KeyRing;
import dev.holdfast.store.keys.SealId;
import dev.holdfast.store.keys.WrapKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// A key-value store on a disk that somebody else controls: what it holds cannot be read there, and
/// every change to its files is noticed, except that all of them go back to one earlier moment
/// together; [#requireAtLeast] finds that with the help of others.
///
/// Every write is on disk when its method returns; of writes whose caller got no answer, each is
/// there as a whole or not at all. Thread-safe. Calls that write wait for the disk; writers that
/// come together share the wait.
///
/// Any method that declares [StoreException] throws it as `CLOSED` after [#close], as `CORRUPTED`
/// when what the disk serves is not what was written, as `FAILED` or `FULL` when the disk does not
/// do its work; after a failed write every later one fails until the store is opened again.
///
/// Spec: docs/spec/store.md
public final class SealedStore implements AutoCloseable {
  /// Most bytes in one value.
  public static final int MAX_VALUE_BYTES = 16 << 20;

  private static final int PROGRESS_EVERY = 1024;

  private final OpenStore parts;
  private final StoreIdentity identity;
  private final Resealing resealing;

  // Held for reading by every call; close waits for all of them.
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
  private boolean closed;

  /// What an operator may know of a store.
  ///
  /// @param records by space, reservations among them
  /// @param dataKeys 1, or more until what lies under older ones is sealed anew
  /// @param diskBytes of its files
  public record Stats(Map<Space, Long> records, int dataKeys, long diskBytes) {
    public Stats {
      records = Map.copyOf(records);
    }
  }

  @FunctionalInterface
  private interface Call<T extends @Nullable Object> {
    T run() throws StoreException;
  }

  private SealedStore(OpenStore parts, StoreIdentity identity) {
    this.parts = parts;
    this.identity = identity;
    this.resealing = new Resealing(parts);
  }

  /// Creates an empty store at `path`, whose parent folder exists, and opens it.
  ///
  /// @param generation the generation of `rootKey`, from 1
  /// @param rootKey 32 bytes; stays the caller's and is not kept
  /// @throws StoreException `EXISTS`, `LOCKED`, `FULL` or `FAILED`; what is at `path` then is what
  ///   was there before, or, when the disk failed at the very end, a complete empty store
  public static SealedStore create(
      Path path, StoreIdentity identity, long generation, SecretBytes rootKey, SecureRandom random)
      throws StoreException {
    StoreFolder folder;
    try (WrapKey wrapKey = WrapKey.derive(generation, rootKey)) {
      folder = OpenStore.create(path, identity, wrapKey, random);
    }
    OpenStore parts = OpenStore.open(folder, identity, rootKey, random, CheckProgress.NONE);
    return new SealedStore(parts, identity);
  }

  /// Opens the store at `path` after a full check, without hearing how the check goes.
  ///
  /// @throws StoreException as [#open(Path, StoreIdentity, SecretBytes, SecureRandom,
  ///   CheckProgress)]
  public static SealedStore open(
      Path path, StoreIdentity expected, SecretBytes rootKey, SecureRandom random)
      throws StoreException {
    return open(path, expected, rootKey, random, CheckProgress.NONE);
  }

  /// Opens the store at `path` after a full check.
  ///
  /// @param rootKey 32 bytes, of any generation that the header has a wrap for; stays the caller's
  ///   and is not kept
  /// @throws StoreException `MISSING`, `LOCKED`, `UNSUPPORTED_VERSION`, `WRONG_ACCOUNT`,
  ///   `WRONG_STORE`, `WRONG_KEY`, `CORRUPTED`, `FULL` or `FAILED`
  public static SealedStore open(
      Path path,
      StoreIdentity expected,
      SecretBytes rootKey,
      SecureRandom random,
      CheckProgress progress)
      throws StoreException {
    StoreFolder folder = StoreFolder.open(path);
    return new SealedStore(OpenStore.open(folder, expected, rootKey, random, progress), expected);
  }

  public StoreIdentity identity() {
    return identity;
  }

  /// Generations whose root key opens this store: one, or two during a rotation; ascending.
  public List<Long> generations() {
    return parts.wraps().generations();
  }

  /// The value under `name`, which the caller closes; empty when there is none or only a
  /// reservation.
  public Optional<SecretBytes> get(Space space, Name name) throws StoreException {
    return whileOpen(() -> Optional.ofNullable(value(space, name)).map(Opened::value));
  }

  /// True when `name` has a value or a reservation.
  public boolean exists(Space space, Name name) throws StoreException {
    return whileOpen(() -> present(space, name) != null);
  }

  /// The names that have a value, sorted. Names written or deleted meanwhile may be in it or not.
  /// Costs as much as reading all values.
  public List<Name> list(Space space) throws StoreException {
    return whileOpen(() -> {
      List<Name> names = new ArrayList<>();
      for (RecordKey key : parts.index().keys(space)) {
        Opened opened = parts.read(key);
        if (opened != null) {
          opened.value().close();
          if (opened.content() == Content.VALUE) {
            names.add(opened.name());
          }
        }
      }
      names.sort(null);
      return List.copyOf(names);
    });
  }

  /// Writes `value`, which stays the caller's, under `name`, whatever was there.
  ///
  /// @throws IllegalArgumentException past [#MAX_VALUE_BYTES]
  public void put(Space space, Name name, SecretBytes value) throws StoreException {
    whileOpen(() -> {
      Sealer.Sealed sealed = parts.sealer().seal(space, name, Content.VALUE, value);
      return commit(new Prepared(List.of(Step.write(sealed)), List.of(), null));
    });
  }

  /// Removes value or reservation; true when there was one.
  public boolean delete(Space space, Name name) throws StoreException {
    return whileOpen(() -> {
      Step step = Step.remove(parts.sealer().keyOf(space, name));
      return commit(new Prepared(List.of(step), List.of(), null)) == Outcome.APPLIED;
    });
  }

  /// Writes `value` if `name` has just the value `expected`; false when it has not.
  ///
  /// @throws IllegalArgumentException past [#MAX_VALUE_BYTES]
  public boolean compareAndPut(Space space, Name name, SecretBytes expected, SecretBytes value)
      throws StoreException {
    return write(new Batch().requireValue(space, name, expected).put(space, name, value));
  }

  /// Takes a name that has neither value nor reservation; empty when it has one.
  public Optional<Reservation> reserve(Space space, Name name) throws StoreException {
    return whileOpen(() -> {
      try (SecretBytes nothing = SecretBytes.take(new byte[0])) {
        Sealer.Sealed mark = parts.sealer().seal(space, name, Content.MARK, nothing);
        Demand absent = new Demand(mark.key(), null);
        return commit(Prepared.of(Step.write(mark), absent)) == Outcome.APPLIED
            ? Optional.of(new Reservation(space, name, mark.id()))
            : Optional.empty();
      }
    });
  }

  /// Fills a reserved name; false when the reservation was filled, released, deleted or overwritten
  /// before.
  ///
  /// @throws IllegalArgumentException past [#MAX_VALUE_BYTES]
  public boolean put(Reservation reservation, SecretBytes value) throws StoreException {
    return whileOpen(() -> {
      Sealer.Sealed sealed =
          parts.sealer().seal(reservation.space(), reservation.name(), Content.VALUE, value);
      return ifUnfilled(reservation, sealed.key(), Step.write(sealed));
    });
  }

  /// Gives a reservation up; false when it was filled, released, deleted or overwritten before.
  public boolean release(Reservation reservation) throws StoreException {
    return whileOpen(() -> {
      RecordKey key = parts.sealer().keyOf(reservation.space(), reservation.name());
      return ifUnfilled(reservation, key, Step.remove(key));
    });
  }

  /// Applies `batch` if its conditions hold: all of it. False when one does not: then nothing
  /// happened.
  public boolean write(Batch batch) throws StoreException {
    return whileOpen(() -> {
      Outcome outcome = Outcome.REFUSED;
      boolean mayHold = true;
      while (mayHold && outcome == Outcome.REFUSED) {
        // A value may change, and change back, between looking and committing: look again.
        Optional<List<Demand>> demands = demands(batch);
        mayHold = demands.isPresent();
        if (demands.isPresent()) {
          outcome = commit(new Prepared(steps(batch), demands.get(), null));
        }
      }
      return mayHold;
    });
  }

  /// Version and digest MAC of [Space#USER] and [Space#NODE].
  public StoreWitness witness() throws StoreException {
    return whileOpen(() -> parts.committer().committed().store());
  }

  /// Version and digest MAC of [Space#LEDGER].
  public StoreWitness ledgerWitness() throws StoreException {
    return whileOpen(() -> parts.committer().committed().ledger());
  }

  /// @throws StoreException `ROLLED_BACK` when [#witness] is below `remembered` in version, or
  ///   equal in version with another MAC
  public void requireAtLeast(StoreWitness remembered) throws StoreException {
    StoreWitness own = witness();
    if (own.version() < remembered.version()) {
      throw new StoreException(
          Kind.ROLLED_BACK,
          "store: expected version %d or later, found %d"
              .formatted(remembered.version(), own.version()));
    }
    if (own.version() == remembered.version() && !own.mac().equals(remembered.mac())) {
      throw new StoreException(
          Kind.ROLLED_BACK,
          "store: version %d is not the one remembered: another history of this store"
              .formatted(own.version()));
    }
  }

  /// How much the store holds.
  public Stats stats() throws StoreException {
    return whileOpen(() -> {
      Map<Space, Long> records = new EnumMap<>(Space.class);
      for (Space space : Space.values()) {
        records.put(space, parts.index().count(space));
      }
      return new Stats(
          records, parts.wraps().keys().dataKeys().size(), parts.folder().engineBytes());
    });
  }

  /// The size of its files in bytes; counts no records.
  public long diskBytes() throws StoreException {
    return whileOpen(() -> parts.folder().engineBytes());
  }

  /// Reads header, state and every record again, beside other calls: each is what was written last.
  /// What somebody added to the files while the store was open is found by the next open.
  ///
  /// @return number of records that were read
  public long check(CheckProgress progress) throws StoreException {
    List<RecordKey> keys =
        whileOpen(() -> {
          parts.recheckHead();
          return parts.index().keys(saltId -> true);
        });
    for (int i = 0; i < keys.size(); i++) {
      if (i % PROGRESS_EVERY == 0) {
        progress.checked(i, keys.size());
      }
      RecordKey key = keys.get(i);
      whileOpen(() -> {
        parts.recheck(key);
        return null;
      });
    }
    progress.checked(keys.size(), keys.size());
    return keys.size();
  }

  /// Lets the root key of a further generation open the store too. What is written from now on is
  /// sealed under a new data key.
  ///
  /// @throws IllegalArgumentException when `generation` is not above [#generations]
  /// @throws IllegalStateException when there are two already
  public void addWrap(long generation, SecretBytes rootKey) throws StoreException {
    whileOpen(() -> {
      parts.wraps().add(generation, rootKey, parts.committer());
      return null;
    });
  }

  /// Ends that the root key of `generation` opens the store.
  ///
  /// @throws IllegalArgumentException when it opens nothing
  /// @throws IllegalStateException when no root key would be left that was given to this process
  public void dropWrap(long generation) throws StoreException {
    whileOpen(() -> {
      parts.wraps().drop(generation, parts.committer());
      return null;
    });
  }

  /// Number of data keys: 1 when everything lies under the newest.
  public int dataKeys() throws StoreException {
    return whileOpen(() -> parts.wraps().keys().dataKeys().size());
  }

  /// Seals anew what lies under older data keys, then drops those keys, which ends a rotation: who
  /// has an older root key and an old copy of the folder reads nothing written or sealed anew
  /// since.
  ///
  /// Goes on in small batches beside other calls, each of which raises versions by one. What was
  /// done when it fails or the process ends stays done; the next call goes on from there. Other
  /// calls wait twice until those under way have ended. Not for two threads at once.
  ///
  /// @param progress hears how many records of those that it found are done
  /// @return true when one data key is left; false when older ones stay, as the store was opened
  ///   with one of two root keys and [#dropWrap] has not ended the rotation yet
  public boolean reseal(CheckProgress progress) throws StoreException {
    KeyRing ring = whileOpen(() -> parts.wraps().keys());
    int newest = ring.newest().id();
    if (ring.dataKeys().size() == 1) {
      return true;
    }
    // Whoever comes after this seals under the newest.
    awaitOthers();
    List<RecordKey> found = whileOpen(() -> resealing.below(newest));
    for (int done = 0; done < found.size(); ) {
      progress.checked(done, found.size());
      int from = done;
      done = whileOpen(() -> resealing.reseal(found, from));
    }
    progress.checked(found.size(), found.size());
    Optional<KeyRing> before =
        whileOpen(() -> {
          InvariantError.check(
              resealing.below(newest).isEmpty(), "nothing is under an old data key");
          return parts.wraps().dropDataKeys(newest, parts.committer());
        });
    if (before.isPresent()) {
      try {
        awaitOthers();
      } finally {
        // When it was closed meanwhile, nobody is left either.
        parts.sealer().runs().eraseBelow(newest);
        before.get().eraseBelow(newest);
      }
    }
    return before.isPresent();
  }

  /// A key of `size` bytes, 1 to [Hkdf#MAX_SIZE], that depends on this store, `label`, `version`
  /// and `size` only and survives rotations. The caller closes it.
  public SecretBytes deriveKey(String label, long version, int size) throws StoreException {
    Bytes info = Frame.of(Labels.DERIVED_KEY).add(label).add(version).add((long) size).toBytes();
    return whileOpen(() -> Hkdf.derive(parts.sealer().derivationSecret(), Bytes.EMPTY, info, size));
  }

  /// Waits for calls under way, erases the keys, unlocks the folder; idempotent.
  ///
  /// @throws StoreException `FAILED` when the folder cannot be unlocked
  @Override
  public void close() throws StoreException {
    use.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        parts.close();
      }
    } finally {
      use.writeLock().unlock();
    }
  }

  // Returns when every call that was under way has ended.
  private void awaitOthers() throws StoreException {
    use.writeLock().lock();
    try {
      requireOpen();
    } finally {
      use.writeLock().unlock();
    }
  }

  private void requireOpen() throws StoreException {
    if (closed) {
      throw new StoreException(Kind.CLOSED, "store: it has been closed");
    }
  }

  private boolean ifUnfilled(Reservation reservation, RecordKey key, Step step)
      throws StoreException {
    Outcome outcome =
        resealing.withMark(
            reservation.mark(), mark -> commit(Prepared.of(step, new Demand(key, mark))));
    return outcome == Outcome.APPLIED;
  }

  private @Nullable SealId present(Space space, Name name) {
    return parts.index().find(parts.sealer().keyOf(space, name));
  }

  // The record under `name` if it is a value.
  private @Nullable Opened value(Space space, Name name) throws StoreException {
    Opened opened = parts.read(parts.sealer().keyOf(space, name));
    if (opened != null && !opened.name().equals(name)) {
      opened.value().close();
      throw StoreException.corrupted("a record holds another name than the one it lies under");
    }
    return opened != null && opened.content() == Content.VALUE ? opened : null;
  }

  private Outcome commit(Prepared prepared) throws StoreException {
    return parts.committer().commit(prepared);
  }

  private List<Step> steps(Batch batch) {
    List<Step> steps = new ArrayList<>();
    for (Batch.Change change : batch.changes()) {
      steps.add(
          switch (change) {
            case Batch.Change.Put put ->
                Step.write(
                    parts.sealer().seal(put.space(), put.name(), Content.VALUE, put.value()));
            case Batch.Change.Delete delete ->
                Step.remove(parts.sealer().keyOf(delete.space(), delete.name()));
          });
    }
    return steps;
  }

  // The conditions as they would have to stay; empty when one does not hold now.
  private Optional<List<Demand>> demands(Batch batch) throws StoreException {
    List<Demand> demands = new ArrayList<>();
    for (Batch.Condition condition : batch.conditions()) {
      RecordKey key = parts.sealer().keyOf(condition.space(), condition.name());
      boolean holds =
          switch (condition) {
            case Batch.Condition.Absent absent ->
                demands.add(new Demand(key, null)) && parts.index().find(key) == null;
            case Batch.Condition.HasValue hasValue -> {
              Opened opened = value(hasValue.space(), hasValue.name());
              yield opened != null
                  && demands.add(new Demand(key, opened.seal()))
                  && same(opened.value(), hasValue.value());
            }
          };
      if (!holds) {
        return Optional.empty();
      }
    }
    return Optional.of(demands);
  }

  private static boolean same(SecretBytes found, SecretBytes expected) {
    try (found) {
      return found.sameAs(expected);
    }
  }

  private <T extends @Nullable Object> T whileOpen(Call<T> call) throws StoreException {
    use.readLock().lock();
    try {
      requireOpen();
      return call.run();
    } finally {
      use.readLock().unlock();
    }
  }
}
