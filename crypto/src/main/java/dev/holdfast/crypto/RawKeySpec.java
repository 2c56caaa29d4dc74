package dev.holdfast.crypto;

import java.security.spec.EncodedKeySpec;

/// A key in its raw encoding, in the form Conscrypt's key factories take it.
final class RawKeySpec extends EncodedKeySpec {
  RawKeySpec(byte[] encoded) {
    super(encoded);
  }

  @Override
  public String getFormat() {
    return "raw";
  }
}
