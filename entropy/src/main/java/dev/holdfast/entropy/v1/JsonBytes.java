package dev.holdfast.entropy.v1;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonArray;
import dev.holdfast.codec.MalformedException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The two ways in which the original writes bytes in JSON: lists of numbers, and `0x` with
/// hexadecimal.
public final class JsonBytes {
  private JsonBytes() {}

  /// `[1,2,255]`.
  public static String numbers(Bytes bytes) {
    return IntStream.range(0, bytes.size())
        .mapToObj(i -> Integer.toString(bytes.at(i)))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /// A list of at most `max` numbers of 0..255.
  public static Bytes parseNumbers(JsonValue value, int max) throws MalformedException {
    JsonArray array = value.asArray(max);
    ByteWriter out = new ByteWriter();
    for (JsonValue item : array.items()) {
      out.u8((int) item.asInteger(0, 255));
    }
    return out.toBytes();
  }

  /// A list of exactly `size` numbers of 0..255.
  public static Bytes parseKey(JsonValue value, int size) throws MalformedException {
    Bytes bytes = parseNumbers(value, size);
    if (bytes.size() != size) {
      throw value.mismatch(size + " numbers", bytes.size() + " numbers");
    }
    return bytes;
  }

  static String prefixedHex(Bytes bytes) {
    return "0x" + bytes.toHex();
  }

  /// Hexadecimal of at most `max` bytes as the original takes it: of either case, with or without
  /// `0x`, with blanks anywhere.
  static Bytes parseHex(JsonValue value, int max) throws MalformedException {
    String text = value.asString();
    String digits = (text.startsWith("0x") ? text.substring(2) : text).replaceAll("[ \t\r\n]", "");
    if (digits.length() > 2 * max) {
      throw value.mismatch("at most " + max + " bytes", digits.length() / 2 + " bytes");
    }
    try {
      return Bytes.parseHex(digits);
    } catch (MalformedException e) {
      throw value.mismatch("hexadecimal", "another text");
    }
  }
}
