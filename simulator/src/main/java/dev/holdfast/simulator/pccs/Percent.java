package dev.holdfast.simulator.pccs;

import dev.holdfast.codec.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// Percent-encoding as in the recorded headers (RFC 3986: all but the unreserved characters), and
/// its strict reverse for queries.
final class Percent {
  private static final String UNRESERVED = "-._~";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Percent() {}

  static String encode(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (isUnreserved(b)) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.toHexDigits(b));
      }
    }
    return out.toString();
  }

  /// The text behind the encoding, `+` being a space; empty when it is no valid encoding of UTF-8.
  static Optional<String> decode(String encoded) {
    ByteWriter out = new ByteWriter();
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        if (i + 2 >= encoded.length() || !isHex(encoded, i + 1)) {
          return Optional.empty();
        }
        out.u8(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
        i += 2;
      } else if (c > ' ' && c < 0x7f) {
        out.u8(c == '+' ? ' ' : c);
      } else {
        return Optional.empty();
      }
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(out.toArray());
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isHex(String text, int at) {
    return HexFormat.isHexDigit(text.charAt(at)) && HexFormat.isHexDigit(text.charAt(at + 1));
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'A' && b <= 'Z')
        || (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || UNRESERVED.indexOf(b) >= 0;
  }
}
