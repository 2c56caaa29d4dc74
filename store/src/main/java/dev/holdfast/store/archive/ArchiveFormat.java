package dev.holdfast.store.archive;

import java.nio.charset.StandardCharsets;

/// Numbers and bounds of the archive.
///
/// Spec: docs/spec/archive.md#format
public final class ArchiveFormat {
  public static final int VERSION = 1;

  /// Most bytes that travel beside the store.
  public static final int MAX_ATTACHMENT_BYTES = 1 << 20;

  public static final int MAX_KEY_BYTES = 17;

  /// Most bytes of one value: the longest record, and some room.
  public static final int MAX_VALUE_BYTES = 17 << 20;

  static final int CHECKSUM_SIZE = 32;

  private static final byte[] MAGIC = "HOLDFAST-ARCHIVE".getBytes(StandardCharsets.US_ASCII);

  private ArchiveFormat() {}

  static byte[] magic() {
    return MAGIC.clone();
  }
}
