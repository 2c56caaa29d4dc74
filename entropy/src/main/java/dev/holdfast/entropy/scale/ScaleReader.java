package dev.holdfast.entropy.scale;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads SCALE: compact numbers in their shortest form only, lengths within the caller's limit and
/// within the input, and everything consumed ([#requireEnd]).
public final class ScaleReader {
  private final ByteReader in;

  private ScaleReader(ByteReader in) {
    this.in = in;
  }

  /// Reads the whole of `bytes`; `format` names it in errors.
  public static ScaleReader of(String format, Bytes bytes) {
    return new ScaleReader(ByteReader.of(format, bytes));
  }

  /// How one item of a list or an option is read.
  @FunctionalInterface
  public interface Item<T> {
    T read(ScaleReader in) throws MalformedException;
  }

  public int u8(String field) throws MalformedException {
    return in.u8(field);
  }

  public int u16(String field) throws MalformedException {
    return in.u16le(field);
  }

  public long u32(String field) throws MalformedException {
    return in.u32le(field);
  }

  /// Unsigned 64 bits.
  public BigInteger u64(String field) throws MalformedException {
    return unsigned(8, field);
  }

  /// Unsigned 128 bits.
  public BigInteger u128(String field) throws MalformedException {
    return unsigned(16, field);
  }

  public boolean bool(String field) throws MalformedException {
    int octet = in.u8(field);
    if (octet > 1) {
      throw in.malformed(field, "0 or 1", "another byte");
    }
    return octet == 1;
  }

  /// A fixed number of bytes.
  public Bytes bytes(int size, String field) throws MalformedException {
    return in.bytes(size, field);
  }

  /// `Vec<u8>` of at most `max` bytes.
  public Bytes byteList(int max, String field) throws MalformedException {
    return in.bytes(length(max, field), field);
  }

  /// UTF-8 of at most `max` bytes.
  public String text(int max, String field) throws MalformedException {
    Bytes bytes = byteList(max, field);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw in.malformed(field, "UTF-8", "other bytes");
    }
  }

  /// A list of at most `max` items.
  public <T> List<T> list(int max, String field, Item<T> item) throws MalformedException {
    int length = length(max, field);
    List<T> items = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      items.add(item.read(this));
    }
    return items;
  }

  public <T> Optional<T> option(String field, Item<T> item) throws MalformedException {
    return bool(field) ? Optional.of(item.read(this)) : Optional.empty();
  }

  /// A compact number that says how much follows: at most `max`.
  public int length(int max, String field) throws MalformedException {
    BigInteger length = compact(field);
    if (length.compareTo(BigInteger.valueOf(max)) > 0) {
      throw in.malformed(field, "at most " + max + " items", "more");
    }
    return length.intValueExact();
  }

  /// A compact number of at most 128 bits.
  public BigInteger compact(String field) throws MalformedException {
    int first = in.u8(field);
    BigInteger value =
        switch (first & 3) {
          case 0 -> BigInteger.valueOf(first >>> 2);
          case 1 -> BigInteger.valueOf((first | in.u8(field) << 8) >>> 2);
          case 2 ->
              BigInteger.valueOf((first | in.u8(field) << 8 | (long) in.u16le(field) << 16) >>> 2);
          default -> large((first >>> 2) + 4, field);
        };
    if (ScaleWriter.compactSize(value) != compactSize(first)) {
      throw in.malformed(field, "the shortest form", "a longer one");
    }
    return value;
  }

  public int remaining() {
    return in.remaining();
  }

  /// Everything that is left.
  public Bytes rest() {
    return in.rest();
  }

  /// @throws MalformedException when bytes are left
  public void requireEnd(String field) throws MalformedException {
    in.requireEnd(field);
  }

  /// An error at the present position.
  public MalformedException malformed(String field, String expected, String found) {
    return in.malformed(field, expected, found);
  }

  private BigInteger large(int size, String field) throws MalformedException {
    if (size > 16) {
      throw in.malformed(field, "at most 128 bits", 8 * size + " bits");
    }
    return unsigned(size, field);
  }

  private static int compactSize(int first) {
    return (first & 3) == 3 ? (first >>> 2) + 5 : 1 << (first & 3);
  }

  private BigInteger unsigned(int size, String field) throws MalformedException {
    BigInteger value = BigInteger.ZERO;
    for (int i = 0; i < size; i++) {
      value = value.or(BigInteger.valueOf(in.u8(field)).shiftLeft(8 * i));
    }
    return value;
  }
}
