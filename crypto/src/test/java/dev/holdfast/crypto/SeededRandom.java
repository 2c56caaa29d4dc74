package dev.holdfast.crypto;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Digests;
import java.security.MessageDigest;
import java.security.SecureRandom;

/// A random source that one number determines: SHA-256 over the number and a counter.
final class SeededRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final long seed;
  private long counter;

  SeededRandom(long seed) {
    this.seed = seed;
  }

  @Override
  public synchronized void nextBytes(byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      MessageDigest digest = Digests.sha256();
      byte[] block = digest.digest(new ByteWriter().u64be(seed).u64be(counter++).toArray());
      int size = Math.min(block.length, bytes.length - done);
      System.arraycopy(block, 0, bytes, done, size);
      done += size;
    }
  }
}
