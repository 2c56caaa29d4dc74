package dev.holdfast.entropy.sr25519;

import dev.holdfast.codec.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/// A Merlin transcript (version 1.0): what both sides of a proof said so far, and challenges drawn
/// from it. Not thread-safe; closing erases it.
final class Transcript implements AutoCloseable {
  private static final int RANDOM_SIZE = 32;

  private final Strobe strobe;

  private Transcript(Strobe strobe) {
    this.strobe = strobe;
  }

  static Transcript of(String label) {
    Transcript transcript = new Transcript(Strobe.of("Merlin v1.0"));
    transcript.append("dom-sep", label.getBytes(StandardCharsets.US_ASCII));
    return transcript;
  }

  /// The transcript that schnorrkel signs `message` in, under `context`.
  static Transcript signing(String context, byte[] message) {
    return of("SigningContext")
        .append("", context.getBytes(StandardCharsets.US_ASCII))
        .append("sign-bytes", message);
  }

  Transcript append(String label, byte[] message) {
    frame(strobe, label, message.length);
    strobe.ad(message);
    return this;
  }

  byte[] challenge(String label, int size) {
    frame(strobe, label, size);
    return strobe.prf(size);
  }

  /// Bytes that depend on everything said, on `secret` and on `random`: no failure of one of them
  /// makes them known.
  byte[] witness(String label, byte[] secret, int size, SecureRandom random) {
    byte[] drawn = new byte[RANDOM_SIZE];
    random.nextBytes(drawn);
    try (Strobe fork = strobe.copy()) {
      frame(fork, label, secret.length);
      fork.key(secret);
      fork.metaAd("rng".getBytes(StandardCharsets.US_ASCII), false);
      fork.key(drawn);
      fork.metaAd(size(size), false);
      return fork.prf(size);
    }
  }

  @Override
  public void close() {
    strobe.close();
  }

  private static void frame(Strobe strobe, String label, int size) {
    strobe.metaAd(label.getBytes(StandardCharsets.US_ASCII), false);
    strobe.metaAd(size(size), true);
  }

  private static byte[] size(int size) {
    return new ByteWriter().u32le(size).toArray();
  }
}
