package dev.holdfast.codec;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// An immutable sequence of public bytes, ordered lexicographically as unsigned bytes.
///
/// Never holds a secret: it compares in variable time and prints itself.
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  public static Bytes copyOf(byte[] array) {
    return new Bytes(array.clone());
  }

  public static Bytes copyOf(byte[] array, int offset, int size) {
    return new Bytes(Arrays.copyOfRange(array, offset, Math.addExact(offset, size)));
  }

  /// The UTF-8 form of `text`.
  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// `size` zero bytes.
  public static Bytes zero(int size) {
    return new Bytes(new byte[size]);
  }

  /// Parses hexadecimal of either case without separators.
  ///
  /// @throws MalformedException when a character is no hexadecimal digit or one is missing
  public static Bytes parseHex(String hex) throws MalformedException {
    try {
      return new Bytes(HEX.parseHex(hex));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("hex", 0, "text", "pairs of hexadecimal digits", "other text");
    }
  }

  /// Parses base64url without padding, canonical encodings only.
  ///
  /// @throws MalformedException when the text is anything else
  public static Bytes parseBase64Url(String text) throws MalformedException {
    byte[] decoded;
    try {
      decoded = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("base64url", 0, "text", "base64url digits", "other text");
    }
    Bytes bytes = new Bytes(decoded);
    if (!bytes.toBase64Url().equals(text)) {
      throw new MalformedException(
          "base64url", 0, "text", "the canonical encoding without padding", "another encoding");
    }
    return bytes;
  }

  public int size() {
    return array.length;
  }

  public boolean isEmpty() {
    return array.length == 0;
  }

  /// The byte at `index` as 0..255.
  public int at(int index) {
    return array[index] & 0xff;
  }

  public Bytes slice(int offset, int size) {
    return copyOf(array, offset, size);
  }

  public byte[] toArray() {
    return array.clone();
  }

  /// The array itself, for readers in this package that neither change nor keep it.
  byte[] shared() {
    return array;
  }

  void copyInto(byte[] target, int offset) {
    System.arraycopy(array, 0, target, offset, array.length);
  }

  public boolean isZero() {
    int any = 0;
    for (byte b : array) {
      any |= b;
    }
    return any == 0;
  }

  public Bytes sha256() {
    return new Bytes(Digests.sha256().digest(array));
  }

  public void updateInto(MessageDigest digest) {
    digest.update(array);
  }

  public void updateInto(Signature signature) throws SignatureException {
    signature.update(array);
  }

  public String toHex() {
    return HEX.formatHex(array);
  }

  public String toBase64Url() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(array);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  /// Hexadecimal, cut after 32 bytes.
  @Override
  public String toString() {
    return array.length <= 32
        ? toHex()
        : HEX.formatHex(array, 0, 32) + "… (" + array.length + " bytes)";
  }
}
