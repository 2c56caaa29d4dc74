package dev.holdfast.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/// Plain RocksDB with the options that the sealed store gives it: names and values as they are,
/// synced writes, nothing sealed, no digest.
final class RocksValues implements KeyValues {
  private final LRUCache cache = new LRUCache(32L << 20);
  private final BloomFilter filter = new BloomFilter(10);
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final Options options;
  private final RocksDB db;

  RocksValues(Path path) throws RocksDBException {
    RocksDB.loadLibrary();
    options =
        new Options()
            .setCreateIfMissing(true)
            .setParanoidChecks(true)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setMaxBackgroundJobs(2)
            .setTableFormatConfig(
                new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
    db = RocksDB.open(options, path.toString());
  }

  /// Writes `count` records from `first` on, unsynced.
  void fill(int first, int count, byte[] value) throws RocksDBException {
    for (int i = first; i < first + count; i++) {
      db.put(StoreBench.key(i), value);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) throws RocksDBException {
    db.put(synced, key, value);
  }

  @Override
  public int get(byte[] key) throws RocksDBException {
    byte @Nullable [] value = db.get(key);
    return value == null ? -1 : value.length;
  }

  @Override
  public long scan() throws RocksDBException {
    long records = 0;
    try (RocksIterator iterator = db.newIterator()) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        records += iterator.key().length + iterator.value().length > 0 ? 1 : 0;
      }
      iterator.status();
    }
    return records;
  }

  @Override
  public void close() {
    db.close();
    options.close();
    synced.close();
    filter.close();
    cache.close();
  }
}
