package dev.holdfast.simulator.pki;

import dev.holdfast.codec.Bytes;
import java.nio.charset.StandardCharsets;

/// One extension of a certificate or revocation list: dotted identifier, criticality, and the DER
/// inside its octet string.
public record Extension(String oid, boolean critical, Bytes value) {
  public static final String SUBJECT_KEY_ID = "2.5.29.14";
  public static final String KEY_USAGE = "2.5.29.15";
  public static final String BASIC_CONSTRAINTS = "2.5.29.19";
  public static final String CRL_NUMBER = "2.5.29.20";
  public static final String CRL_REASON = "2.5.29.21";
  public static final String CRL_DISTRIBUTION_POINTS = "2.5.29.31";
  public static final String AUTHORITY_KEY_ID = "2.5.29.35";

  /// keyCertSign and cRLSign.
  public static final int CA_USAGE = 0x06;

  /// digitalSignature and nonRepudiation.
  public static final int SIGNER_USAGE = 0xc0;

  public static Extension authorityKeyId(Bytes keyId) {
    return new Extension(AUTHORITY_KEY_ID, false, Der.sequence(Der.tagged(0x80, keyId)));
  }

  public static Extension subjectKeyId(Bytes keyId) {
    return new Extension(SUBJECT_KEY_ID, false, Der.octetString(keyId));
  }

  public static Extension crlDistributionPoint(String url) {
    Bytes name = Der.tagged(0x86, Bytes.copyOf(url.getBytes(StandardCharsets.US_ASCII)));
    Bytes point = Der.sequence(Der.explicit(0, Der.explicit(0, name)));
    return new Extension(CRL_DISTRIBUTION_POINTS, false, Der.sequence(point));
  }

  /// Key usage from the eight bits of its first byte, digitalSignature highest.
  public static Extension keyUsage(int bits) {
    int unused = bits == 0 ? 0 : Integer.numberOfTrailingZeros(bits);
    byte[] content = bits == 0 ? new byte[] {0} : new byte[] {(byte) unused, (byte) bits};
    return new Extension(KEY_USAGE, true, Der.tagged(0x03, Bytes.copyOf(content)));
  }

  /// A certification authority that may have `pathLength` others below it.
  public static Extension authority(int pathLength) {
    Bytes value = Der.sequence(Der.bool(true), Der.integer(pathLength));
    return new Extension(BASIC_CONSTRAINTS, true, value);
  }

  /// No certification authority.
  public static Extension endEntity() {
    return new Extension(BASIC_CONSTRAINTS, true, Der.sequence());
  }

  public static Extension crlNumber(long number) {
    return new Extension(CRL_NUMBER, false, Der.integer(number));
  }

  public static Extension crlReason(int reason) {
    return new Extension(CRL_REASON, false, Der.enumerated(reason));
  }

  Bytes toDer() {
    return critical
        ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octetString(value))
        : Der.sequence(Der.oid(oid), Der.octetString(value));
  }
}
