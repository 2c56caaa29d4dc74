package dev.holdfast.entropy.server;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Hmac;
import dev.holdfast.crypto.SecretBytes;
import java.security.SecureRandom;
import java.time.InstantSource;

/// Nonces for recovery quotes: a MAC of the response key and the present window of five minutes.
///
/// The original keeps one nonce for each key that anybody sends, without end (G17), and burns it at
/// the first try (G9). These cost no memory, nobody can burn or replace another's, and a request
/// whose answer got lost can be sent again: it gives the same key to the same response key.
final class Nonces implements AutoCloseable {
  static final long WINDOW_MILLIS = 5 * 60 * 1000L;

  private static final Bytes LABEL = Bytes.utf8("holdfast/entropy-v1/nonce");

  private final SecretBytes key;
  private final InstantSource time;

  Nonces(SecureRandom random, InstantSource time) {
    this.key = SecretBytes.generate(Hmac.SIZE, random);
    this.time = time;
  }

  Bytes nonce(Bytes responseKey) {
    return nonce(responseKey, window());
  }

  /// True when `nonce` was given for `responseKey` in this window or the one before.
  boolean isGiven(Bytes responseKey, Bytes nonce) {
    return nonce.equals(nonce(responseKey, window()))
        || nonce.equals(nonce(responseKey, window() - 1));
  }

  @Override
  public void close() {
    key.close();
  }

  private long window() {
    return Math.floorDiv(time.millis(), WINDOW_MILLIS);
  }

  private Bytes nonce(Bytes responseKey, long window) {
    return Hmac.sha256(
        key, new ByteWriter().bytes(LABEL).bytes(responseKey).u64be(window).toBytes());
  }
}
