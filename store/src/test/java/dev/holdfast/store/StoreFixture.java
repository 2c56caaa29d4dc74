package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/// One store in a folder of its own, and the keys and identity it needs.
final class StoreFixture implements AutoCloseable {
  static final long GENERATION = 1;

  final SecureRandom random = new SecureRandom();
  final Path path;
  final StoreIdentity identity = StoreIdentity.generate(account(1), random);
  final SecretBytes rootKey = SecretBytes.generate(32, random);

  /// Of the generation after.
  final SecretBytes nextKey = SecretBytes.generate(32, random);

  StoreFixture(Path folder) {
    this.path = folder.resolve("store");
  }

  static Bytes account(int number) {
    byte[] account = new byte[32];
    Arrays.fill(account, (byte) number);
    return Bytes.copyOf(account);
  }

  static SecretBytes secret(String text) {
    return SecretBytes.take(text.getBytes(StandardCharsets.UTF_8));
  }

  SealedStore create() throws StoreException {
    return SealedStore.create(path, identity, GENERATION, rootKey, random);
  }

  SealedStore open() throws StoreException {
    return SealedStore.open(path, identity, rootKey, random);
  }

  SealedStore openWithNextKey() throws StoreException {
    return SealedStore.open(path, identity, nextKey, random);
  }

  static void put(SealedStore store, String name, String value) throws StoreException {
    put(store, Space.USER, name, value);
  }

  static void put(SealedStore store, Space space, String name, String value) throws StoreException {
    try (SecretBytes secret = secret(value)) {
      store.put(space, Name.of(name), secret);
    }
  }

  static Optional<String> get(SealedStore store, String name) throws StoreException {
    return get(store, Space.USER, name);
  }

  static Optional<String> get(SealedStore store, Space space, String name) throws StoreException {
    Optional<SecretBytes> value = store.get(space, Name.of(name));
    return value.map(secret -> {
      try (secret) {
        return secret.apply(bytes -> new String(bytes, StandardCharsets.UTF_8));
      }
    });
  }

  /// What the disk's owner can do: anything, below the store's back.
  @FunctionalInterface
  interface Tampering {
    void on(RocksDB engine) throws RocksDBException;
  }

  void tamper(Tampering tampering) throws RocksDBException {
    tamper(path, tampering);
  }

  static void tamper(Path path, Tampering tampering) throws RocksDBException {
    RocksDB.loadLibrary();
    try (RocksDB engine = RocksDB.open(path.resolve("engine").toString())) {
      tampering.on(engine);
    }
  }

  @Override
  public void close() {
    rootKey.close();
    nextKey.close();
  }
}
