package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;

/// HMAC-SHA256 (RFC 2104). Messages are frames that start with a label of [Labels].
public final class Hmac {
  public static final int SIZE = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private Hmac() {}

  /// The 32-byte MAC of `message` under `key`, which has at least one byte.
  public static Bytes sha256(SecretBytes key, Bytes message) {
    return Bytes.copyOf(key.apply(k -> compute(k, message.toArray())));
  }

  /// The MAC as a secret, for a MAC that serves as a key.
  public static SecretBytes sha256Secret(SecretBytes key, Bytes message) {
    return SecretBytes.take(key.apply(k -> compute(k, message.toArray())));
  }

  /// True when `mac` is the MAC of `message`; takes the same time for every wrong one of 32 bytes.
  public static boolean verify(SecretBytes key, Bytes message, Bytes mac) {
    return MessageDigest.isEqual(key.apply(k -> compute(k, message.toArray())), mac.toArray());
  }

  private static byte[] compute(byte[] key, byte[] message) {
    try (RawKey rawKey = new RawKey(ALGORITHM, key)) {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(rawKey);
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new InvariantError("every Java platform has " + ALGORITHM, e);
    }
  }
}
