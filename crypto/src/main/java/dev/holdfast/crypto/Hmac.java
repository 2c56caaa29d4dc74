package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;

/// HMAC-SHA256 (RFC 2104) of one message. Messages are frames that start with a label of [Labels].
///
/// Keys have at least one byte. A key that is used many times is a [MacKey].
public final class Hmac {
  public static final int SIZE = 32;

  private Hmac() {}

  /// The 32-byte MAC of `message`.
  public static Bytes sha256(SecretBytes key, Bytes message) {
    try (MacKey macKey = MacKey.of(key)) {
      return macKey.mac(message);
    }
  }

  /// The MAC as a secret, for a MAC that serves as a key.
  public static SecretBytes sha256Secret(SecretBytes key, Bytes message) {
    try (MacKey macKey = MacKey.of(key)) {
      return SecretBytes.take(macKey.mac(message.toArray()));
    }
  }

  /// True when `mac` is the MAC of `message`; takes the same time for every wrong one of 32 bytes.
  public static boolean verify(SecretBytes key, Bytes message, Bytes mac) {
    try (MacKey macKey = MacKey.of(key)) {
      return macKey.verify(message, mac);
    }
  }
}
