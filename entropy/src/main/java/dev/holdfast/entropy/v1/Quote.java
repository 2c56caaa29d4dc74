package dev.holdfast.entropy.v1;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.hash.Blake2;

/// The fields of a TDX quote (version 4) that the original looks at, unverified.
///
/// @param signed header and body, what the attestation key signs
/// @param measurement the hash of MRTD and RTMR0 to RTMR3
/// @param debug whether the TD may be read from outside, which the original does not look at (G4)
/// @param reportData 64 bytes
/// @param signatures everything behind the body
public record Quote(
    Bytes signed, Bytes measurement, boolean debug, Bytes reportData, Bytes signatures) {
  public static final int MAX_SIZE = 16 * 1024;

  /// Bytes of a measurement.
  public static final int MEASUREMENT_SIZE = 32;

  private static final String FORMAT = "v1 quote";
  private static final int REGISTER_SIZE = 48;
  private static final int REGISTERS = 4;
  private static final int KEY_TYPE_P256 = 2;
  private static final long TEE_TDX = 0x81;

  /// @throws MalformedException when it is no TDX quote of version 4 with a P-256 key, or too long
  public static Quote parse(Bytes bytes) throws MalformedException {
    ByteReader in = ByteReader.of(FORMAT, bytes);
    if (bytes.size() > MAX_SIZE) {
      throw in.malformed("quote", "at most 16384 bytes", bytes.size() + " bytes");
    }
    if (in.u16le("version") != 4 || in.u16le("key type") != KEY_TYPE_P256) {
      throw in.malformed("header", "version 4 with a P-256 key", "another");
    }
    if (in.u32le("tee type") != TEE_TDX) {
      throw in.malformed("tee type", "TDX", "another");
    }
    in.bytes(40, "rest of the header");
    in.bytes(120, "platform");
    boolean debug = (in.u8("td attributes") & 1) != 0;
    in.bytes(15, "attributes and xfam");
    Bytes mrtd = in.bytes(REGISTER_SIZE, "mrtd");
    in.bytes(3 * REGISTER_SIZE, "configuration and owner");
    Bytes registers = in.bytes(REGISTERS * REGISTER_SIZE, "rtmr0 to rtmr3");
    Bytes reportData = in.bytes(64, "report data");
    Bytes signed = in.since(0);
    return new Quote(
        signed, Blake2.b(MEASUREMENT_SIZE, mrtd, registers), debug, reportData, in.rest());
  }
}
