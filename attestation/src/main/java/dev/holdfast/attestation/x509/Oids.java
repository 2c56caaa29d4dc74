package dev.holdfast.attestation.x509;

import dev.holdfast.codec.Bytes;
import java.util.HexFormat;

/// Object identifiers, as the content of their DER form.
final class Oids {
  static final Bytes COMMON_NAME = of("550403");
  static final Bytes SUBJECT_KEY_ID = of("551d0e");
  static final Bytes KEY_USAGE = of("551d0f");
  static final Bytes CRL_NUMBER = of("551d14");
  static final Bytes BASIC_CONSTRAINTS = of("551d13");
  static final Bytes AUTHORITY_KEY_ID = of("551d23");

  /// 1.2.840.113741.1.13.1, Intel's SGX extension; its parts have one or two numbers more.
  static final Bytes SGX = of("2a864886f84d010d01");

  /// AlgorithmIdentifier of ecdsa-with-SHA256, complete.
  static final Bytes ECDSA_WITH_SHA256 = of("300a06082a8648ce3d040302");

  private Oids() {}

  private static Bytes of(String hex) {
    return Bytes.copyOf(HexFormat.of().parseHex(hex));
  }
}
