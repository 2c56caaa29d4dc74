package dev.holdfast.bench;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.Batch;
import dev.holdfast.store.Name;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.Space;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreIdentity;
import java.nio.file.Path;
import java.security.SecureRandom;

/// The sealed store.
final class HoldfastValues implements KeyValues {
  private static final StoreIdentity IDENTITY =
      new StoreIdentity(
          Bytes.zero(StoreIdentity.STORE_ID_SIZE), Bytes.zero(StoreIdentity.ACCOUNT_SIZE));

  private final SealedStore store;

  private HoldfastValues(SealedStore store) {
    this.store = store;
  }

  static HoldfastValues create(Path path) throws StoreException {
    try (SecretBytes rootKey = rootKey()) {
      return new HoldfastValues(SealedStore.create(path, IDENTITY, 1, rootKey, new SecureRandom()));
    }
  }

  static HoldfastValues open(Path path) throws StoreException {
    try (SecretBytes rootKey = rootKey()) {
      return new HoldfastValues(SealedStore.open(path, IDENTITY, rootKey, new SecureRandom()));
    }
  }

  /// Writes `count` records from `first` on in batches.
  void fill(int first, int count, byte[] value) throws StoreException {
    try (SecretBytes secret = SecretBytes.copyOf(value)) {
      for (int from = first; from < first + count; from += Batch.MAX_CHANGES) {
        Batch batch = new Batch();
        for (int i = from; i < Math.min(first + count, from + Batch.MAX_CHANGES); i++) {
          batch.put(Space.USER, Name.of(Bytes.copyOf(StoreBench.key(i))), secret);
        }
        store.write(batch);
      }
    }
  }

  @Override
  public void put(byte[] key, byte[] value) throws StoreException {
    try (SecretBytes secret = SecretBytes.copyOf(value)) {
      store.put(Space.USER, Name.of(Bytes.copyOf(key)), secret);
    }
  }

  @Override
  public int get(byte[] key) throws StoreException {
    try (SecretBytes value = store.get(Space.USER, Name.of(Bytes.copyOf(key))).orElseThrow()) {
      return value.size();
    }
  }

  @Override
  public long scan() throws StoreException {
    return store.list(Space.USER).size();
  }

  @Override
  public void close() throws StoreException {
    store.close();
  }

  // The benchmark's key guards nothing.
  private static SecretBytes rootKey() {
    return SecretBytes.take(new byte[32]);
  }
}
