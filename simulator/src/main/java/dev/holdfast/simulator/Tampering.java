package dev.holdfast.simulator;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import java.util.function.UnaryOperator;

/// Changes for the hooks of recipes, before or after signing.
public final class Tampering {
  private Tampering() {}

  /// Inverts the bits of `mask` in the byte at `offset`.
  public static UnaryOperator<Bytes> xor(int offset, int mask) {
    return bytes -> {
      byte[] array = bytes.toArray();
      array[offset] ^= (byte) mask;
      return Bytes.copyOf(array);
    };
  }

  /// Overwrites what stands at `offset`.
  public static UnaryOperator<Bytes> put(int offset, Bytes value) {
    return bytes ->
        new ByteWriter()
            .bytes(bytes.slice(0, offset))
            .bytes(value)
            .bytes(bytes.slice(offset + value.size(), bytes.size() - offset - value.size()))
            .toBytes();
  }

  /// Overwrites the little-endian 16 bits at `offset`.
  public static UnaryOperator<Bytes> putU16(int offset, int value) {
    return put(offset, new ByteWriter().u16le(value).toBytes());
  }

  /// Overwrites the little-endian 32 bits at `offset`.
  public static UnaryOperator<Bytes> putU32(int offset, long value) {
    return put(offset, new ByteWriter().u32le(value).toBytes());
  }

  public static UnaryOperator<Bytes> append(Bytes value) {
    return bytes -> new ByteWriter().bytes(bytes).bytes(value).toBytes();
  }

  /// Keeps the first `size` bytes.
  public static UnaryOperator<Bytes> cut(int size) {
    return bytes -> bytes.slice(0, size);
  }

  /// Puts `value` in place of everything.
  public static UnaryOperator<Bytes> replace(Bytes value) {
    return bytes -> value;
  }
}
