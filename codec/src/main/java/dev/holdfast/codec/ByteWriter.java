package dev.holdfast.codec;

import java.io.ByteArrayOutputStream;

/// Writes binary formats; the counterpart of [ByteReader].
public final class ByteWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public ByteWriter() {}

  public ByteWriter u8(int value) {
    out.write(value);
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
    return u16be((int) (value >>> 16)).u16be((int) value);
  }

  public ByteWriter u64be(long value) {
    return u32be(value >>> 32).u32be(value);
  }

  public ByteWriter bytes(Bytes bytes) {
    return bytes(bytes.toArray());
  }

  public ByteWriter bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  public int size() {
    return out.size();
  }

  public Bytes toBytes() {
    return Bytes.copyOf(out.toByteArray());
  }

  public byte[] toArray() {
    return out.toByteArray();
  }
}
