package dev.holdfast.store.archive;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.MalformedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/// Reads an archive strictly, entry by entry, in bounded memory. Only when [#next] has said that
/// there is no further entry was it one: whole, and as it was written. Nobody vouches for it yet.
///
/// Spec: docs/spec/archive.md#format
public final class ArchiveReader {
  /// The field that a [MalformedException] names when the archive has another format version.
  public static final String VERSION_FIELD = "format version";

  private static final String FORMAT = "archive";
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final MessageDigest digest = Digests.sha256();
  private long offset;
  private Bytes attachment = Bytes.EMPTY;
  private byte[] key = {};
  private byte[] value = {};
  private long entries;
  private boolean ended;

  private ArchiveReader(InputStream in) {
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
  }

  /// Reads up to the first entry.
  ///
  /// @throws MalformedException also when the format version is another
  /// @throws IOException when `in` cannot be read
  public static ArchiveReader begin(InputStream in) throws IOException, MalformedException {
    ArchiveReader reader = new ArchiveReader(in);
    byte[] magic = ArchiveFormat.magic();
    if (!Arrays.equals(magic, reader.take(magic.length, "magic"))) {
      throw reader.malformed("magic", "HOLDFAST-ARCHIVE", "other bytes");
    }
    int version = reader.number(2, VERSION_FIELD).u16be(VERSION_FIELD);
    if (version != ArchiveFormat.VERSION) {
      throw reader.malformed(
          VERSION_FIELD, String.valueOf(ArchiveFormat.VERSION), String.valueOf(version));
    }
    int size = reader.size("attachment size", ArchiveFormat.MAX_ATTACHMENT_BYTES);
    reader.attachment = Bytes.copyOf(reader.take(size, "attachment"));
    return reader;
  }

  /// What travels beside the store.
  public Bytes attachment() {
    return attachment;
  }

  /// Goes to the next entry; false when there is none, and the archive ended as it should.
  public boolean next() throws IOException, MalformedException {
    if (ended) {
      return false;
    }
    int keySize = number(1, "key size").u8("key size");
    if (keySize == 0) {
      end();
      return false;
    }
    if (keySize > ArchiveFormat.MAX_KEY_BYTES) {
      throw malformed("key size", "at most " + ArchiveFormat.MAX_KEY_BYTES, keySize + " bytes");
    }
    byte[] before = key;
    key = take(keySize, "key");
    if (Arrays.compareUnsigned(before, key) >= 0) {
      throw malformed("key", "one above the one before", "the same or one below");
    }
    value = take(size("value size", ArchiveFormat.MAX_VALUE_BYTES), "value");
    entries++;
    return true;
  }

  /// Goes past all further entries to the end.
  public void skipToEnd() throws IOException, MalformedException {
    boolean more = next();
    while (more) {
      more = next();
    }
  }

  /// Of the present entry; the caller does not change it.
  public byte[] key() {
    return key;
  }

  /// Of the present entry; the caller does not change it.
  public byte[] value() {
    return value;
  }

  private void end() throws IOException, MalformedException {
    long count = number(8, "count").u64be("count");
    if (count != entries) {
      throw malformed("count", entries + " as there are entries", String.valueOf(count));
    }
    byte[] expected = digest.digest();
    if (!Arrays.equals(expected, take(ArchiveFormat.CHECKSUM_SIZE, "checksum"))) {
      throw malformed("checksum", "that of the bytes before", "another");
    }
    if (in.read() >= 0) {
      throw malformed("end", "no more bytes", "at least one");
    }
    ended = true;
  }

  private int size(String field, int atMost) throws IOException, MalformedException {
    long size = number(4, field).u32be(field);
    if (size > atMost) {
      throw malformed(field, "at most " + atMost, size + " bytes");
    }
    return (int) size;
  }

  private ByteReader number(int size, String field) throws IOException, MalformedException {
    return ByteReader.of(FORMAT, take(size, field));
  }

  // A stated size costs no memory before that many bytes are there.
  private byte[] take(int size, String field) throws IOException, MalformedException {
    byte[] taken = in.readNBytes(size);
    if (taken.length < size) {
      throw malformed(field, size + " bytes", "the end after " + taken.length);
    }
    digest.update(taken);
    offset += size;
    return taken;
  }

  private MalformedException malformed(String field, String expected, String found) {
    int where = (int) Math.min(offset, Integer.MAX_VALUE);
    return new MalformedException(FORMAT, where, field, expected, found);
  }
}
