package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import java.nio.charset.StandardCharsets;

/// The name of a record: 1 to [#MAX_BYTES] bytes, text or not. Names are hidden on disk; in memory
/// they are no secrets.
public record Name(Bytes bytes) implements Comparable<Name> {
  public static final int MAX_BYTES = 1024;

  /// @throws IllegalArgumentException when `bytes` is empty or longer than [#MAX_BYTES]
  public Name {
    if (bytes.isEmpty() || bytes.size() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "name: expected 1 to " + MAX_BYTES + " bytes, found " + bytes.size());
    }
  }

  /// The name whose bytes are the UTF-8 form of `text`.
  ///
  /// @throws IllegalArgumentException as the constructor
  public static Name of(String text) {
    return new Name(Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// @throws IllegalArgumentException as the constructor
  public static Name of(Bytes bytes) {
    return new Name(bytes);
  }

  /// The name's bytes read as UTF-8; what is no UTF-8 becomes U+FFFD.
  public String text() {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(Name other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.toString();
  }
}
