package dev.holdfast.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Writes binary formats; the counterpart of [ByteReader]. Not thread-safe.
public final class ByteWriter {
  private static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle U64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] array = new byte[64];
  private int size;

  public ByteWriter() {}

  public ByteWriter u8(int value) {
    reserve(1);
    array[size++] = (byte) value;
    return this;
  }

  public ByteWriter u16le(int value) {
    return u8(value).u8(value >>> 8);
  }

  public ByteWriter u32le(long value) {
    return u16le((int) value).u16le((int) (value >>> 16));
  }

  public ByteWriter u64le(long value) {
    return u32le(value).u32le(value >>> 32);
  }

  public ByteWriter u16be(int value) {
    return u8(value >>> 8).u8(value);
  }

  public ByteWriter u32be(long value) {
    reserve(Integer.BYTES);
    U32.set(array, size, (int) value);
    size += Integer.BYTES;
    return this;
  }

  public ByteWriter u64be(long value) {
    reserve(Long.BYTES);
    U64.set(array, size, value);
    size += Long.BYTES;
    return this;
  }

  public ByteWriter bytes(Bytes bytes) {
    reserve(bytes.size());
    bytes.copyInto(array, size);
    size += bytes.size();
    return this;
  }

  public ByteWriter bytes(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, array, size, bytes.length);
    size += bytes.length;
    return this;
  }

  public int size() {
    return size;
  }

  public Bytes toBytes() {
    return Bytes.copyOf(array, 0, size);
  }

  public byte[] toArray() {
    return Arrays.copyOf(array, size);
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > array.length) {
      long doubled = 2L * array.length;
      array =
          Arrays.copyOf(array, (int) Math.max(needed, Math.min(doubled, Integer.MAX_VALUE - 8)));
    }
  }
}
