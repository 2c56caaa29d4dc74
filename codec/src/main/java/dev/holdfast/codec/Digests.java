package dev.holdfast.codec;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash functions that every Java platform has.
public final class Digests {
  private Digests() {}

  public static MessageDigest sha256() {
    return named("SHA-256");
  }

  public static MessageDigest sha384() {
    return named("SHA-384");
  }

  public static MessageDigest sha512() {
    return named("SHA-512");
  }

  private static MessageDigest named(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new InvariantError("every Java platform has " + algorithm, e);
    }
  }
}
