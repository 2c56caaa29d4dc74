package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.field.Curve25519;

/// An Ed25519 public key (RFC 8032): 32 bytes, canonically encoded, not of small order.
///
/// A key of small order has signatures that hold for every message, and the implementations
/// disagree about it; so it is refused here, before any of them sees it. A key that is no point of
/// the curve parses, and verifies nothing.
///
/// Spec: docs/spec/envelope.md#signatures
public final class VerifyingKey implements Comparable<VerifyingKey> {
  public static final int SIZE = 32;

  private final Bytes encoded;

  private VerifyingKey(Bytes encoded) {
    this.encoded = encoded;
  }

  /// @throws MalformedException when the size is wrong, y is not below p, or the order is small
  public static VerifyingKey parse(Bytes encoded) throws MalformedException {
    if (encoded.size() != SIZE) {
      throw malformed("key", "32 bytes", encoded.size() + " bytes");
    }
    if (Curve25519.isNonCanonicalPoint(encoded)) {
      throw malformed("y", "a number below p", "p or more");
    }
    if (Curve25519.isSmallOrderPoint(encoded)) {
      throw malformed("point", "one of large order", "one of small order");
    }
    return new VerifyingKey(encoded);
  }

  /// A public key that a library computed.
  static VerifyingKey computed(byte[] encoded) {
    try {
      return parse(Bytes.copyOf(encoded));
    } catch (MalformedException e) {
      throw new InvariantError("key generation gives well-formed keys", e);
    }
  }

  /// The 32 bytes.
  public Bytes encoded() {
    return encoded;
  }

  @Override
  public int compareTo(VerifyingKey other) {
    return encoded.compareTo(other.encoded);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey key && encoded.equals(key.encoded);
  }

  @Override
  public int hashCode() {
    return encoded.hashCode();
  }

  @Override
  public String toString() {
    return encoded.toHex();
  }

  private static MalformedException malformed(String field, String expected, String found) {
    return new MalformedException("Ed25519 public key", 0, field, expected, found);
  }
}
