package dev.holdfast.store.archive;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.InvariantError;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/// Writes an archive. Without [#finish] it is none. The stream stays the caller's.
///
/// Spec: docs/spec/archive.md#format
public final class ArchiveWriter {
  private static final int BUFFER_BYTES = 1 << 16;

  private final MessageDigest digest = Digests.sha256();
  private final DataOutputStream out;
  private long entries;

  private ArchiveWriter(OutputStream target) {
    OutputStream buffered = new BufferedOutputStream(target, BUFFER_BYTES);
    this.out = new DataOutputStream(new DigestOutputStream(buffered, digest));
  }

  /// @param attachment at most [ArchiveFormat#MAX_ATTACHMENT_BYTES]
  public static ArchiveWriter begin(OutputStream target, Bytes attachment) throws IOException {
    InvariantError.check(
        attachment.size() <= ArchiveFormat.MAX_ATTACHMENT_BYTES, "an attachment is small");
    ArchiveWriter writer = new ArchiveWriter(target);
    writer.out.write(ArchiveFormat.magic());
    writer.out.writeShort(ArchiveFormat.VERSION);
    writer.out.writeInt(attachment.size());
    writer.out.write(attachment.toArray());
    return writer;
  }

  /// @param key of 1 to [ArchiveFormat#MAX_KEY_BYTES] bytes, above all before
  public void add(byte[] key, byte[] value) throws IOException {
    InvariantError.check(
        key.length > 0 && key.length <= ArchiveFormat.MAX_KEY_BYTES, "a key has 1 to 17 bytes");
    InvariantError.check(value.length <= ArchiveFormat.MAX_VALUE_BYTES, "a value is bounded");
    out.writeByte(key.length);
    out.write(key);
    out.writeInt(value.length);
    out.write(value);
    entries++;
  }

  /// Writes the end, and all of it to the stream.
  public void finish() throws IOException {
    out.writeByte(0);
    out.writeLong(entries);
    byte[] checksum = digest.digest();
    out.write(checksum);
    out.flush();
  }
}
