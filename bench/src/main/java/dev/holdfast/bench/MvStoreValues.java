package dev.holdfast.bench;

import java.nio.file.Path;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/// H2's MVStore with its own encryption (AES-128 in XTS mode, no integrity): every put committed
/// and forced.
final class MvStoreValues implements KeyValues {
  private final MVStore store;
  private final MVMap<String, byte[]> map;

  MvStoreValues(Path file) {
    store =
        new MVStore.Builder()
            .fileName(file.toString())
            .encryptionKey("benchmark".toCharArray())
            .autoCommitDisabled()
            .open();
    map = store.openMap("values");
  }

  @Override
  public void put(byte[] key, byte[] value) {
    map.put(StoreBench.text(key), value);
    store.commit();
    store.sync();
  }

  @Override
  public int get(byte[] key) {
    return map.get(StoreBench.text(key)).length;
  }

  @Override
  public long scan() {
    long records = 0;
    for (byte[] value : map.values()) {
      records += value.length > 0 ? 1 : 0;
    }
    return records;
  }

  @Override
  public void close() {
    store.close();
  }
}
