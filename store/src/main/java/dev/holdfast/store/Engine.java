package dev.holdfast.store;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.store.StoreException.Kind;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB with the settings of this store and its errors told apart. Sees sealed bytes only.
///
/// The owner makes sure that no call is under way when it closes the engine.
final class Engine implements AutoCloseable {
  private static final long BLOCK_CACHE_BYTES = 32L << 20;

  // Ciphertext does not compress.
  private static final CompressionType COMPRESSION = CompressionType.NO_COMPRESSION;

  private final Options options;
  private final LRUCache cache;
  private final BloomFilter filter;
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final ReadOptions scan = new ReadOptions().setFillCache(false);
  private final RocksDB db;

  /// Called for each record of a scan; true to go on.
  @FunctionalInterface
  interface Visitor {
    boolean visit(byte[] key, byte[] value) throws StoreException;
  }

  /// The keys that are none of records.
  ///
  /// Spec: docs/spec/store.md#engine-keys
  static final class Keys {
    private static final int HEADER = 0;
    private static final int STATE = 1;
    private static final int SALT = 2;
    private static final int SALT_KEY_SIZE = 5;

    private Keys() {}

    static byte[] header() {
      return new byte[] {HEADER};
    }

    static byte[] state() {
      return new byte[] {STATE};
    }

    static byte[] salt(int saltId) {
      return new ByteWriter().u8(SALT).u32be(saltId).toArray();
    }

    static boolean isHeaderOrState(byte[] key) {
      return key.length == 1 && (key[0] == HEADER || key[0] == STATE);
    }

    /// The id of the salt at `key`; empty when it is no salt's key.
    static OptionalInt saltId(byte[] key) {
      if (key.length != SALT_KEY_SIZE || key[0] != SALT) {
        return OptionalInt.empty();
      }
      ByteReader in = ByteReader.of("salt key", key);
      try {
        in.u8("prefix");
        return OptionalInt.of((int) in.u32be("salt id"));
      } catch (MalformedException e) {
        throw new InvariantError("a salt key has five bytes", e);
      }
    }
  }

  /// Opens the database under given options.
  @FunctionalInterface
  private interface Opener {
    RocksDB open(Options options, String path) throws RocksDBException;
  }

  private Engine(Path folder, boolean create, Opener opener) throws StoreException {
    cache = new LRUCache(BLOCK_CACHE_BYTES);
    filter = new BloomFilter(10);
    options =
        new Options()
            .setCreateIfMissing(create)
            .setErrorIfExists(create)
            .setParanoidChecks(true)
            // A torn last record is what a crash leaves; anything else is damage and is reported.
            .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
            .setCompressionType(COMPRESSION)
            .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
            .setKeepLogFileNum(1)
            .setMaxBackgroundJobs(2)
            .setSkipStatsUpdateOnDbOpen(true)
            .setTableFormatConfig(
                new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
    RocksDB opened = null;
    try {
      opened = opener.open(options, folder.toString());
    } catch (RocksDBException e) {
      throw translate("open", openKind(e), e);
    } finally {
      if (opened == null) {
        closeOptions();
      }
    }
    db = opened;
  }

  static Engine create(Path folder) throws StoreException {
    RocksDB.loadLibrary();
    return new Engine(folder, true, RocksDB::open);
  }

  static Engine open(Path folder) throws StoreException {
    RocksDB.loadLibrary();
    return new Engine(folder, false, RocksDB::open);
  }

  /// Opens it without changing a file; it cannot be written to.
  static Engine openToRead(Path folder) throws StoreException {
    RocksDB.loadLibrary();
    return new Engine(folder, false, RocksDB::openReadOnly);
  }

  byte @Nullable [] get(byte[] key) throws StoreException {
    try {
      return db.get(key);
    } catch (RocksDBException e) {
      throw translate("read", kind(e), e);
    }
  }

  /// Writes all of `batch` or nothing, and returns when the disk has it.
  void write(WriteBatch batch) throws StoreException {
    try {
      db.write(synced, batch);
    } catch (RocksDBException e) {
      throw translate("write", kind(e), e);
    }
  }

  /// Visits what lies at `from` and after it, in the order of the keys.
  void scan(byte[] from, Visitor visitor) throws StoreException {
    try (RocksIterator iterator = db.newIterator(scan)) {
      boolean more = true;
      for (iterator.seek(from); more && iterator.isValid(); iterator.next()) {
        more = visitor.visit(iterator.key(), iterator.value());
      }
      iterator.status();
    } catch (RocksDBException e) {
      throw translate("read", kind(e), e);
    }
  }

  @Override
  public void close() {
    db.close();
    closeOptions();
  }

  private void closeOptions() {
    scan.close();
    synced.close();
    options.close();
    filter.close();
    cache.close();
  }

  static StoreException translate(String doing, Kind kind, RocksDBException e) {
    return new StoreException(kind, "engine: cannot " + doing + ": " + e.getMessage(), e);
  }

  static Kind kind(RocksDBException e) {
    Status status = e.getStatus();
    if (status == null) {
      return Kind.FAILED;
    }
    if (status.getSubCode() == Status.SubCode.NoSpace) {
      return Kind.FULL;
    }
    return status.getCode() == Status.Code.Corruption ? Kind.CORRUPTED : Kind.FAILED;
  }

  // Before the engine is open, a file that is missing or that it cannot make sense of is damage.
  private static Kind openKind(RocksDBException e) {
    Status status = e.getStatus();
    String message = String.valueOf(e.getMessage());
    if (status != null && status.getCode() == Status.Code.IOError) {
      if (message.contains("lock")) {
        return Kind.LOCKED;
      }
      if (message.contains("No such file")) {
        return Kind.CORRUPTED;
      }
    }
    if (status != null
        && (status.getCode() == Status.Code.InvalidArgument
            || status.getCode() == Status.Code.NotFound
            || status.getCode() == Status.Code.NotSupported)) {
      return Kind.CORRUPTED;
    }
    return kind(e);
  }
}
