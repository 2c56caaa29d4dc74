package dev.holdfast.attestation.x509;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// A cursor over DER: definite, minimal lengths, single-byte tags, every element bounded by the one
/// around it. Never recurses by itself, so input cannot make it deep.
final class Der {
  static final int BOOLEAN = 0x01;
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int ENUMERATED = 0x0a;
  static final int UTF8_STRING = 0x0c;
  static final int PRINTABLE_STRING = 0x13;
  static final int UTC_TIME = 0x17;
  static final int GENERALIZED_TIME = 0x18;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  private final ByteReader in;

  private Der(ByteReader in) {
    this.in = in;
  }

  static Der of(String format, Bytes encoded) {
    return new Der(ByteReader.of(format, encoded));
  }

  /// Tag of the constructed context-specific element `number`.
  static int constructed(int number) {
    return 0xa0 | number;
  }

  /// Tag of the primitive context-specific element `number`.
  static int primitive(int number) {
    return 0x80 | number;
  }

  boolean hasMore() {
    return in.remaining() > 0;
  }

  int position() {
    return in.position();
  }

  /// The exact bytes from `start` up to the cursor.
  Bytes since(int start) {
    return in.since(start);
  }

  /// Enters the next element, which must have `tag`.
  Der enter(int tag, String field) throws MalformedException {
    if (!in.skipIf(tag)) {
      throw in.malformed(field, "tag 0x%02x".formatted(tag), "another or none");
    }
    return new Der(in.slice(length(field), field));
  }

  Der sequence(String field) throws MalformedException {
    return enter(SEQUENCE, field);
  }

  /// Enters the next element when it has `tag`.
  Optional<Der> optional(int tag, String field) throws MalformedException {
    return in.skipIf(tag) ? Optional.of(new Der(in.slice(length(field), field))) : Optional.empty();
  }

  /// The content of the next element, which must have `tag`.
  Bytes content(int tag, String field) throws MalformedException {
    return enter(tag, field).in.rest();
  }

  /// Everything that is left.
  Bytes rest() {
    return in.rest();
  }

  /// The next element as it stands, tag and length included; it must have `tag`.
  Bytes element(int tag, String field) throws MalformedException {
    int start = in.position();
    enter(tag, field);
    return in.since(start);
  }

  Bytes oid(String field) throws MalformedException {
    return content(OBJECT_IDENTIFIER, field);
  }

  boolean bool(String field) throws MalformedException {
    Bytes content = content(BOOLEAN, field);
    if (content.size() != 1 || (content.at(0) != 0 && content.at(0) != 0xff)) {
      throw in.malformed(field, "a DER boolean", "another encoding");
    }
    return content.at(0) != 0;
  }

  /// A non-negative INTEGER in minimal encoding, without the leading zero byte of its sign.
  Bytes unsigned(String field) throws MalformedException {
    Bytes content = content(INTEGER, field);
    if (content.isEmpty() || content.at(0) > 0x7f) {
      throw in.malformed(field, "a non-negative integer", "another");
    }
    if (content.size() > 1 && content.at(0) == 0) {
      if (content.at(1) < 0x80) {
        throw in.malformed(field, "the shortest integer", "a leading zero");
      }
      return content.slice(1, content.size() - 1);
    }
    return content;
  }

  /// An INTEGER of `0..max`; `max` below 2^24.
  int smallInteger(int max, String field) throws MalformedException {
    return small(unsigned(field), max, field);
  }

  /// An ENUMERATED of `0..max`.
  int enumerated(int max, String field) throws MalformedException {
    Bytes content = content(ENUMERATED, field);
    if (content.size() != 1) {
      throw in.malformed(field, "one byte", content.size() + " bytes");
    }
    return small(content, max, field);
  }

  Bytes octets(int size, String field) throws MalformedException {
    Bytes content = content(OCTET_STRING, field);
    if (content.size() != size) {
      throw in.malformed(field, size + " bytes", content.size() + " bytes");
    }
    return content;
  }

  /// The bytes of a BIT STRING of whole bytes.
  Bytes bitString(String field) throws MalformedException {
    Der bits = enter(BIT_STRING, field);
    if (bits.in.u8(field) != 0) {
      throw in.malformed(field, "no unused bits", "some");
    }
    return bits.rest();
  }

  /// UTCTime (years 1950..2049) or GeneralizedTime, both in whole seconds and `Z`.
  Instant time(String field) throws MalformedException {
    Optional<Der> utc = optional(UTC_TIME, field);
    Bytes text = utc.isPresent() ? utc.get().rest() : content(GENERALIZED_TIME, field);
    int yearDigits = utc.isPresent() ? 2 : 4;
    if (text.size() != yearDigits + 11 || text.at(yearDigits + 10) != 'Z') {
      throw in.malformed(field, "a time in whole seconds, UTC", "another form");
    }
    int year = digits(text, 0, yearDigits, field);
    if (utc.isPresent()) {
      year += year >= 50 ? 1900 : 2000;
    }
    try {
      return LocalDateTime.of(
              year,
              digits(text, yearDigits, 2, field),
              digits(text, yearDigits + 2, 2, field),
              digits(text, yearDigits + 4, 2, field),
              digits(text, yearDigits + 6, 2, field),
              digits(text, yearDigits + 8, 2, field))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw in.malformed(field, "a date that exists", "another");
    }
  }

  void requireEnd(String field) throws MalformedException {
    in.requireEnd(field);
  }

  MalformedException malformed(String field, String expected, String found) {
    return in.malformed(field, expected, found);
  }

  private int small(Bytes value, int max, String field) throws MalformedException {
    int number = 0;
    for (int i = 0; i < value.size(); i++) {
      number = number << 8 | value.at(i);
      if (number > max) {
        throw in.malformed(field, "0.." + max, "more");
      }
    }
    return number;
  }

  private int digits(Bytes text, int from, int count, String field) throws MalformedException {
    int number = 0;
    for (int i = from; i < from + count; i++) {
      int digit = text.at(i) - '0';
      if (digit < 0 || digit > 9) {
        throw in.malformed(field, "digits", "another character");
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private int length(String field) throws MalformedException {
    int first = in.u8(field);
    if (first < 0x80) {
      return first;
    }
    int bytes = first & 0x7f;
    if (bytes == 0 || bytes > 3) {
      throw in.malformed(field, "a length of at most three bytes", "another");
    }
    int length = 0;
    for (int i = 0; i < bytes; i++) {
      length = length << 8 | in.u8(field);
    }
    boolean shortest = bytes == 1 ? length >= 0x80 : (length >> (8 * (bytes - 1))) != 0;
    if (!shortest) {
      throw in.malformed(field, "the shortest length", "a longer one");
    }
    return length;
  }
}
