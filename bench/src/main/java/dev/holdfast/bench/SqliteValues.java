package dev.holdfast.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// SQLite, nothing sealed: a write-ahead log that is forced at each commit. One connection, as it
/// has one writer at a time in any case.
final class SqliteValues implements KeyValues {
  private final Connection connection;
  private final PreparedStatement put;
  private final PreparedStatement get;

  SqliteValues(Path file) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=FULL");
      statement.execute("CREATE TABLE kv(k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID");
    }
    put = connection.prepareStatement("INSERT OR REPLACE INTO kv VALUES (?, ?)");
    get = connection.prepareStatement("SELECT v FROM kv WHERE k = ?");
  }

  @Override
  public synchronized void put(byte[] key, byte[] value) throws SQLException {
    put.setBytes(1, key);
    put.setBytes(2, value);
    put.executeUpdate();
  }

  @Override
  public synchronized int get(byte[] key) throws SQLException {
    get.setBytes(1, key);
    try (ResultSet row = get.executeQuery()) {
      return row.next() ? row.getBytes(1).length : -1;
    }
  }

  @Override
  public synchronized long scan() throws SQLException {
    long records = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT k, v FROM kv")) {
      while (rows.next()) {
        records += rows.getBytes(1).length + rows.getBytes(2).length > 0 ? 1 : 0;
      }
    }
    return records;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
