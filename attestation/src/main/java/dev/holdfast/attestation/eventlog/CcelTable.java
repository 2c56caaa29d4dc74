package dev.holdfast.attestation.eventlog;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;

/// The ACPI table CCEL of a TD, 56 bytes: where firmware has put its event log. Nothing measures or
/// signs it.
///
/// - `logAreaSize`: bytes of the area that holds the log and filler, 1..[EventLog#MAX_SIZE].
///
/// Spec: docs/spec/eventlog.md#ccel-table
public record CcelTable(int logAreaSize) {
  public static final int SIZE = 56;

  private static final byte[] SIGNATURE = "CCEL".getBytes(StandardCharsets.US_ASCII);
  private static final int TDX = 2;

  /// Parses the whole of `table`.
  ///
  /// @throws MalformedException when it is no CCEL table of a TD, or its checksum is wrong
  public static CcelTable parse(Bytes table) throws MalformedException {
    ByteReader in = ByteReader.of("ccel table", table);
    if (!in.skipIf(SIGNATURE)) {
      throw in.malformed("signature", "CCEL", "other bytes");
    }
    require(in, "length", SIZE, in.u32le("length"));
    in.u8("revision");
    in.u8("checksum");
    in.bytes(26, "oem");
    require(in, "ccType", TDX, in.u8("ccType"));
    require(in, "ccSubtype", 0, in.u8("ccSubtype"));
    in.u16le("reserved");
    long size = in.u64le("logAreaMinimumLength");
    if (size < 1 || size > EventLog.MAX_SIZE) {
      throw in.malformed(
          "logAreaMinimumLength", "1.." + EventLog.MAX_SIZE, Long.toUnsignedString(size));
    }
    in.u64le("logAreaStartAddress");
    in.requireEnd("table");
    requireChecksum(in, table);
    return new CcelTable((int) size);
  }

  private static void requireChecksum(ByteReader in, Bytes table) throws MalformedException {
    int sum = 0;
    for (int i = 0; i < table.size(); i++) {
      sum += table.at(i);
    }
    require(in, "checksum", 0, sum & 0xff);
  }

  private static void require(ByteReader in, String field, long expected, long found)
      throws MalformedException {
    if (found != expected) {
      throw in.malformed(field, Long.toString(expected), Long.toString(found));
    }
  }
}
