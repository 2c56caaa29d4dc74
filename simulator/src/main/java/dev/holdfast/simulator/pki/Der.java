package dev.holdfast.simulator.pki;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// Writes the few DER types that certificates and revocation lists are made of.
public final class Der {
  private static final Instant FIRST_GENERALIZED_TIME = Instant.parse("2050-01-01T00:00:00Z");
  private static final DateTimeFormatter UTC_TIME = time("yyMMddHHmmss'Z'");
  private static final DateTimeFormatter GENERALIZED_TIME = time("yyyyMMddHHmmss'Z'");

  private Der() {}

  /// One value of `tag` with its minimal length in front.
  public static Bytes tagged(int tag, Bytes... content) {
    return tagged(tag, List.of(content));
  }

  /// One value of `tag` with its minimal length in front.
  public static Bytes tagged(int tag, List<Bytes> content) {
    int size = content.stream().mapToInt(Bytes::size).sum();
    ByteWriter out = new ByteWriter().u8(tag);
    if (size < 0x80) {
      out.u8(size);
    } else {
      byte[] length = BigInteger.valueOf(size).toByteArray();
      int skip = length[0] == 0 ? 1 : 0;
      out.u8(0x80 | (length.length - skip));
      out.bytes(Bytes.copyOf(length, skip, length.length - skip));
    }
    content.forEach(out::bytes);
    return out.toBytes();
  }

  public static Bytes sequence(Bytes... items) {
    return tagged(0x30, items);
  }

  public static Bytes sequence(List<Bytes> items) {
    return tagged(0x30, items);
  }

  public static Bytes set(Bytes... items) {
    return tagged(0x31, items);
  }

  /// The constructed context tag `[number]` around `items`.
  public static Bytes explicit(int number, Bytes... items) {
    return tagged(0xa0 | number, items);
  }

  public static Bytes integer(BigInteger value) {
    return tagged(0x02, Bytes.copyOf(value.toByteArray()));
  }

  public static Bytes integer(long value) {
    return integer(BigInteger.valueOf(value));
  }

  public static Bytes enumerated(int value) {
    return tagged(0x0a, Bytes.copyOf(BigInteger.valueOf(value).toByteArray()));
  }

  public static Bytes bool(boolean value) {
    return tagged(0x01, Bytes.copyOf(new byte[] {(byte) (value ? 0xff : 0)}));
  }

  public static Bytes octetString(Bytes value) {
    return tagged(0x04, value);
  }

  /// A bit string of whole bytes.
  public static Bytes bitString(Bytes value) {
    return tagged(0x03, Bytes.zero(1), value);
  }

  public static Bytes utf8String(String value) {
    return tagged(0x0c, Bytes.copyOf(value.getBytes(StandardCharsets.UTF_8)));
  }

  public static Bytes printableString(String value) {
    return tagged(0x13, Bytes.copyOf(value.getBytes(StandardCharsets.US_ASCII)));
  }

  /// An object identifier in dotted form.
  public static Bytes oid(String dotted) {
    List<String> arcs = List.of(dotted.split("\\.", -1));
    ByteWriter out = new ByteWriter();
    out.u8(Integer.parseInt(arcs.getFirst()) * 40 + Integer.parseInt(arcs.get(1)));
    for (String arc : arcs.subList(2, arcs.size())) {
      base128(out, Long.parseLong(arc));
    }
    return tagged(0x06, out.toBytes());
  }

  /// UTCTime up to 2049, GeneralizedTime from 2050 on, whole seconds.
  public static Bytes time(Instant instant) {
    boolean early = instant.isBefore(FIRST_GENERALIZED_TIME);
    String text = (early ? UTC_TIME : GENERALIZED_TIME).format(instant);
    return tagged(early ? 0x17 : 0x18, Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static void base128(ByteWriter out, long arc) {
    int shift = 0;
    while (arc >>> (shift + 7) != 0) {
      shift += 7;
    }
    for (; shift > 0; shift -= 7) {
      out.u8((int) (0x80 | (arc >>> shift & 0x7f)));
    }
    out.u8((int) (arc & 0x7f));
  }

  private static DateTimeFormatter time(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
