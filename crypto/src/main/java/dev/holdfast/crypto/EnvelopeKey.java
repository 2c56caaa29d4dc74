package dev.holdfast.crypto;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.field.Curve25519;

/// An X-Wing public key: 1184 bytes of ML-KEM-768, then 32 bytes of X25519.
///
/// Sealing to a parsed key cannot fail: the coefficients are below q (FIPS 203, 7.2) and the X25519
/// part is not of small order.
///
/// Spec: docs/spec/envelope.md#keys
public final class EnvelopeKey implements Comparable<EnvelopeKey> {
  public static final int SIZE = 1216;

  private static final int ML_KEM_VECTOR_SIZE = 1152;
  private static final int ML_KEM_SEED_SIZE = 32;
  private static final int ML_KEM_Q = 3329;

  private final Bytes encoded;

  private EnvelopeKey(Bytes encoded) {
    this.encoded = encoded;
  }

  /// @throws MalformedException when the size is wrong, an ML-KEM coefficient is not below q, or
  ///   the X25519 part is of small order
  public static EnvelopeKey parse(Bytes encoded) throws MalformedException {
    ByteReader reader = ByteReader.of("X-Wing public key", encoded);
    if (encoded.size() != SIZE) {
      throw reader.malformed("key", SIZE + " bytes", encoded.size() + " bytes");
    }
    while (reader.position() < ML_KEM_VECTOR_SIZE) {
      int low = reader.u8("coefficient");
      int middle = reader.u8("coefficient");
      int high = reader.u8("coefficient");
      if ((low | (middle & 0x0f) << 8) >= ML_KEM_Q || (middle >>> 4 | high << 4) >= ML_KEM_Q) {
        throw reader.malformed("coefficient", "a number below 3329", "3329 or more");
      }
    }
    Bytes unused = reader.bytes(ML_KEM_SEED_SIZE, "seed");
    if (Curve25519.isSmallOrderCoordinate(reader.bytes(Curve25519.SIZE, "X25519 key"))) {
      throw reader.malformed("X25519 key", "a point of large order", "one of small order");
    }
    reader.requireEnd("key");
    return new EnvelopeKey(encoded);
  }

  /// The 1216 bytes.
  public Bytes encoded() {
    return encoded;
  }

  @Override
  public int compareTo(EnvelopeKey other) {
    return encoded.compareTo(other.encoded);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EnvelopeKey key && encoded.equals(key.encoded);
  }

  @Override
  public int hashCode() {
    return encoded.hashCode();
  }

  @Override
  public String toString() {
    return "EnvelopeKey[" + encoded + "]";
  }
}
