package dev.holdfast.entropy.scale;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.math.BigInteger;

/// Writes SCALE; the counterpart of [ScaleReader]. Not thread-safe.
public final class ScaleWriter {
  private final ByteWriter out = new ByteWriter();

  public ScaleWriter() {}

  public ScaleWriter u8(int value) {
    out.u8(value);
    return this;
  }

  public ScaleWriter u16(int value) {
    out.u16le(value);
    return this;
  }

  public ScaleWriter u32(long value) {
    out.u32le(value);
    return this;
  }

  public ScaleWriter u128(BigInteger value) {
    return unsigned(value, 16);
  }

  public ScaleWriter bytes(Bytes bytes) {
    out.bytes(bytes);
    return this;
  }

  /// `Vec<u8>`.
  public ScaleWriter byteList(Bytes bytes) {
    return compact(bytes.size()).bytes(bytes);
  }

  /// UTF-8 with its length.
  public ScaleWriter text(String text) {
    return byteList(Bytes.utf8(text));
  }

  public ScaleWriter compact(long value) {
    return compact(BigInteger.valueOf(value));
  }

  /// The shortest form of a number of 0 to 128 bits.
  public ScaleWriter compact(BigInteger value) {
    InvariantError.check(value.signum() >= 0 && value.bitLength() <= 128, "0 to 128 bits");
    return switch (compactSize(value)) {
      case 1 -> unsigned(value.shiftLeft(2), 1);
      case 2 -> unsigned(value.shiftLeft(2).or(BigInteger.ONE), 2);
      case 4 -> unsigned(value.shiftLeft(2).or(BigInteger.TWO), 4);
      default -> {
        int size = compactSize(value) - 1;
        yield u8((size - 4) << 2 | 3).unsigned(value, size);
      }
    };
  }

  public Bytes toBytes() {
    return out.toBytes();
  }

  /// How many bytes the shortest compact form of `value` has.
  static int compactSize(BigInteger value) {
    int bits = value.bitLength();
    if (bits <= 6) {
      return 1;
    }
    if (bits <= 14) {
      return 2;
    }
    return bits <= 30 ? 4 : 1 + Math.max(4, (bits + 7) / 8);
  }

  private ScaleWriter unsigned(BigInteger value, int size) {
    for (int i = 0; i < size; i++) {
      out.u8(value.shiftRight(8 * i).intValue() & 0xff);
    }
    return this;
  }
}
