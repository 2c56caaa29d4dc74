package dev.holdfast.store;

import dev.holdfast.crypto.SecretBytes;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// The API; the parts behind it follow.
@SuppressWarnings("DoNotCallSuggester") // for the commits until the parts are in
public final class SealedStore implements AutoCloseable {
  /// Most bytes in one value.
  public static final int MAX_VALUE_BYTES = 16 << 20;

  private SealedStore() {}

  public static SealedStore create(
      Path dir, StoreIdentity identity, long generation, SecretBytes rootKey, SecureRandom random)
      throws StoreException {
    throw later();
  }

  public static SealedStore open(
      Path dir, StoreIdentity expected, SecretBytes rootKey, SecureRandom random)
      throws StoreException {
    return open(dir, expected, rootKey, random, CheckProgress.NONE);
  }

  public static SealedStore open(
      Path dir,
      StoreIdentity expected,
      SecretBytes rootKey,
      SecureRandom random,
      CheckProgress progress)
      throws StoreException {
    throw later();
  }

  public StoreIdentity identity() {
    throw later();
  }

  /// Generations whose root key opens this store: one, or two during a rotation; ascending.
  public List<Long> generations() {
    throw later();
  }

  /// The value under `name`, which the caller closes; empty when there is none or only a
  /// reservation.
  public Optional<SecretBytes> get(Space space, Name name) throws StoreException {
    throw later();
  }

  /// True when `name` has a value or a reservation.
  public boolean exists(Space space, Name name) throws StoreException {
    throw later();
  }

  /// The names that have a value, sorted.
  public List<Name> list(Space space) throws StoreException {
    throw later();
  }

  /// Writes `value` (lent) under `name`, whatever was there. Durable on return.
  public void put(Space space, Name name, SecretBytes value) throws StoreException {
    throw later();
  }

  /// Removes value or reservation; true when there was one.
  public boolean delete(Space space, Name name) throws StoreException {
    throw later();
  }

  /// Writes `value` if `name` has just the value `expected`; false when it has not.
  public boolean compareAndPut(Space space, Name name, SecretBytes expected, SecretBytes value)
      throws StoreException {
    throw later();
  }

  /// Takes a name that has neither value nor reservation; empty when it has.
  public Optional<Reservation> reserve(Space space, Name name) throws StoreException {
    throw later();
  }

  /// Fills a reserved name; false when the reservation was filled, released or overwritten.
  public boolean put(Reservation reservation, SecretBytes value) throws StoreException {
    throw later();
  }

  /// Gives a reservation up; false when it was filled, released or overwritten.
  public boolean release(Reservation reservation) throws StoreException {
    throw later();
  }

  /// Applies `batch` if its conditions hold: all of it, durable on return. False when a condition
  /// does not hold: then nothing happened.
  public boolean write(Batch batch) throws StoreException {
    throw later();
  }

  /// Version and digest MAC of [Space#USER] and [Space#NODE].
  public StoreWitness witness() throws StoreException {
    throw later();
  }

  /// Version and digest MAC of [Space#LEDGER].
  public StoreWitness ledgerWitness() throws StoreException {
    throw later();
  }

  /// @throws StoreException `ROLLED_BACK` when [#witness] is below `remembered`, or equal in
  ///   version with another MAC
  public void requireAtLeast(StoreWitness remembered) throws StoreException {
    throw later();
  }

  /// Lets the root key of a further generation open the store too; new records get a new data key.
  public void addWrap(long generation, SecretBytes newRootKey) throws StoreException {
    throw later();
  }

  /// Ends that the root key of `generation` opens the store.
  public void dropWrap(long generation) throws StoreException {
    throw later();
  }

  /// A key of `size` bytes that depends on the store, `label` and `version` only, not on the
  /// generation: for LUKS and others.
  public SecretBytes deriveKey(String label, long version, int size) throws StoreException {
    throw later();
  }

  /// Waits for calls under way, then erases the keys; idempotent.
  @Override
  public void close() {
    throw later();
  }

  private static UnsupportedOperationException later() {
    return new UnsupportedOperationException();
  }
}
