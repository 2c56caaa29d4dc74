package dev.holdfast.store;

import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.Prepared.Step;
import dev.holdfast.store.Sealer.Content;
import dev.holdfast.store.Sealer.Opened;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// An open store whose engine a test can change behind its back.
final class OpenStoreAccess implements AutoCloseable {
  final OpenStore parts;

  OpenStoreAccess(StoreFixture fixture) throws StoreException {
    StoreFolder folder = StoreFolder.open(fixture.path);
    parts =
        OpenStore.open(
            folder, fixture.identity, fixture.rootKey, fixture.random, CheckProgress.NONE);
  }

  void put(String name, String value) throws StoreException {
    try (SecretBytes secret = StoreFixture.secret(value)) {
      Sealer.Sealed sealed = parts.sealer().seal(Space.USER, Name.of(name), Content.VALUE, secret);
      parts.committer().commit(new Prepared(List.of(Step.write(sealed)), List.of(), null));
    }
  }

  String read(RecordKey key) throws StoreException {
    Opened opened = parts.read(key);
    if (opened == null) {
      throw new AssertionError("no record");
    }
    try (SecretBytes value = opened.value()) {
      return value.apply(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
  }

  StateSealer stateSealer() {
    return parts.committer().stateSealer();
  }

  byte[] engineGet(RecordKey key) throws StoreException {
    return engineGet(key.toArray());
  }

  byte[] engineGet(byte[] key) throws StoreException {
    byte[] value = parts.engine().get(key);
    if (value == null) {
      throw new AssertionError("no record");
    }
    return value;
  }

  void engineWrite(RecordKey key, byte[] value) throws StoreException, RocksDBException {
    engineWrite(key.toArray(), value);
  }

  void engineWrite(byte[] key, byte[] value) throws StoreException, RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(key, value);
      parts.engine().write(batch);
    }
  }

  void engineDelete(RecordKey key) throws StoreException, RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      batch.delete(key.toArray());
      parts.engine().write(batch);
    }
  }

  @Override
  public void close() throws StoreException {
    parts.close();
  }
}
