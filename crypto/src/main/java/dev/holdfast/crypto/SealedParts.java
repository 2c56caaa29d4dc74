package dev.holdfast.crypto;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.field.Curve25519;

/// A sealed text in its two parts: the encapsulation (1088 bytes of ML-KEM-768, 32 of X25519) and
/// the ciphertext with its tag.
///
/// Spec: docs/spec/envelope.md#sealed-text
final class SealedParts {
  static final int ENCAPSULATION_SIZE = 1120;

  private static final int ML_KEM_SIZE = 1088;

  private final byte[] encapsulation;
  private final byte[] ciphertext;

  SealedParts(byte[] encapsulation, byte[] ciphertext) {
    this.encapsulation = encapsulation;
    this.ciphertext = ciphertext;
  }

  static SealedParts parse(Bytes sealed) throws EnvelopeException {
    try {
      ByteReader reader = ByteReader.of("sealed text", sealed);
      Bytes encapsulation = reader.bytes(ENCAPSULATION_SIZE, "encapsulation");
      Bytes point = encapsulation.slice(ML_KEM_SIZE, Curve25519.SIZE);
      if (Curve25519.isSmallOrderCoordinate(point)) {
        throw reader.malformed("X25519 part", "a point of large order", "one of small order");
      }
      if (reader.remaining() < Aead.OVERHEAD) {
        throw reader.malformed("ciphertext", "at least 16 bytes", reader.remaining() + " bytes");
      }
      return new SealedParts(encapsulation.toArray(), reader.rest().toArray());
    } catch (MalformedException e) {
      throw new EnvelopeException(e);
    }
  }

  byte[] encapsulation() {
    return encapsulation;
  }

  byte[] ciphertext() {
    return ciphertext;
  }

  Bytes toBytes() {
    return new ByteWriter().bytes(encapsulation).bytes(ciphertext).toBytes();
  }
}
