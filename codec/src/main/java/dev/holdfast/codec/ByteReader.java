package dev.holdfast.codec;

import java.util.Arrays;

/// A cursor over untrusted bytes: every read is checked against the limit first, and whoever parses
/// a whole input ends with [#requireEnd]. The only index arithmetic in the project.
///
/// Not thread-safe; does not copy its input, so the caller must not change it meanwhile.
public final class ByteReader {
  private final String format;
  private final byte[] array;
  private final int limit;
  private int position;

  private ByteReader(String format, byte[] array, int position, int limit) {
    this.format = format;
    this.array = array;
    this.position = position;
    this.limit = limit;
  }

  /// Reads the whole of `array`; `format` names it in errors.
  public static ByteReader of(String format, byte[] array) {
    return new ByteReader(format, array, 0, array.length);
  }

  /// Reads the whole of `bytes`; `format` names it in errors.
  public static ByteReader of(String format, Bytes bytes) {
    return of(format, bytes.shared());
  }

  /// Offset of the next byte in the outermost input.
  public int position() {
    return position;
  }

  public int remaining() {
    return limit - position;
  }

  public int u8(String field) throws MalformedException {
    require(1, field);
    return array[position++] & 0xff;
  }

  /// Little-endian unsigned 16 bits.
  public int u16le(String field) throws MalformedException {
    return u8(field) | u8(field) << 8;
  }

  /// Little-endian unsigned 32 bits.
  public long u32le(String field) throws MalformedException {
    return u16le(field) | (long) u16le(field) << 16;
  }

  /// Little-endian 64 bits.
  public long u64le(String field) throws MalformedException {
    return u32le(field) | u32le(field) << 32;
  }

  /// Big-endian unsigned 16 bits.
  public int u16be(String field) throws MalformedException {
    return u8(field) << 8 | u8(field);
  }

  /// Big-endian unsigned 32 bits.
  public long u32be(String field) throws MalformedException {
    return (long) u16be(field) << 16 | u16be(field);
  }

  /// Big-endian 64 bits.
  public long u64be(String field) throws MalformedException {
    return u32be(field) << 32 | u32be(field);
  }

  public Bytes bytes(int size, String field) throws MalformedException {
    require(size, field);
    Bytes bytes = Bytes.copyOf(array, position, size);
    position += size;
    return bytes;
  }

  /// A reader over the next `size` bytes, which this one skips.
  public ByteReader slice(long size, String field) throws MalformedException {
    if (size < 0 || size > remaining()) {
      throw tooShort(size, field);
    }
    ByteReader slice = new ByteReader(format, array, position, position + (int) size);
    position = slice.limit;
    return slice;
  }

  /// Everything that is left.
  public Bytes rest() {
    Bytes rest = Bytes.copyOf(array, position, remaining());
    position = limit;
    return rest;
  }

  /// True when every byte that is left is `value`, also when none is; reads up to the first other.
  public boolean onlyLeft(int value) {
    for (int i = position; i < limit; i++) {
      if ((array[i] & 0xff) != value) {
        return false;
      }
    }
    return true;
  }

  /// The bytes from `start` up to the next one, for hashing what was read.
  public Bytes since(int start) {
    return Bytes.copyOf(array, start, position - start);
  }

  /// True when the next byte is `octet`, 0..255; skips it then.
  public boolean skipIf(int octet) {
    if (position == limit || (array[position] & 0xff) != octet) {
      return false;
    }
    position++;
    return true;
  }

  /// True when the next bytes equal `expected`; skips them then.
  public boolean skipIf(byte[] expected) {
    int end = position + expected.length;
    if (expected.length > remaining()
        || !Arrays.equals(array, position, end, expected, 0, expected.length)) {
      return false;
    }
    position = end;
    return true;
  }

  /// @throws MalformedException when bytes are left
  public void requireEnd(String field) throws MalformedException {
    if (remaining() != 0) {
      throw malformed(field, "the end", remaining() + " more bytes");
    }
  }

  /// An error at the present position.
  public MalformedException malformed(String field, String expected, String found) {
    return new MalformedException(format, position, field, expected, found);
  }

  private void require(int size, String field) throws MalformedException {
    if (size < 0 || size > remaining()) {
      throw tooShort(size, field);
    }
  }

  private MalformedException tooShort(long size, String field) {
    return malformed(field, size + " bytes", remaining() + " bytes");
  }
}
