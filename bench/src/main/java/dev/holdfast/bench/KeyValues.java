package dev.holdfast.bench;

import dev.holdfast.store.StoreException;
import java.sql.SQLException;

/// What the store's benchmark does with each store that it compares. Safe for several threads.
interface KeyValues extends AutoCloseable {
  /// Returns when the disk has it.
  void put(byte[] key, byte[] value) throws Exception;

  /// Reads one value that is there; its size in bytes.
  int get(byte[] key) throws Exception;

  /// Reads everything; the number of records.
  long scan() throws Exception;

  @Override
  void close() throws StoreException, SQLException;
}
