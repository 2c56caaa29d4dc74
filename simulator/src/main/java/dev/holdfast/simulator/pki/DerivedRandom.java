package dev.holdfast.simulator.pki;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import java.io.Serial;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.util.Arrays;

/// A stream of bytes that a seed determines: SHA-256 over the seed and a counter. It makes keys and
/// signatures of the simulator repeatable; nothing that matters may draw from it.
final class DerivedRandom extends SecureRandom {
  @Serial private static final long serialVersionUID = 1L;

  private DerivedRandom(SecureRandomSpi stream) {
    super(stream, null);
  }

  static DerivedRandom of(Bytes seed) {
    return new DerivedRandom(new Stream(seed));
  }

  @Override
  public String getAlgorithm() {
    return "holdfast-simulator";
  }

  private static final class Stream extends SecureRandomSpi {
    @Serial private static final long serialVersionUID = 1L;

    private final byte[] seed;
    private long counter;
    private byte[] block = new byte[0];
    private int used;

    Stream(Bytes seed) {
      this.seed = seed.toArray();
    }

    @Override
    protected void engineSetSeed(byte[] more) {
      // The seed is given once; mixing in more would make the stream unrepeatable.
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        if (used == block.length) {
          byte[] input = new ByteWriter().bytes(seed).u64be(counter++).toArray();
          block = Digests.sha256().digest(input);
          used = 0;
        }
        bytes[i] = block[used++];
      }
    }

    @Override
    protected byte[] engineGenerateSeed(int size) {
      byte[] bytes = new byte[size];
      engineNextBytes(bytes);
      return Arrays.copyOf(bytes, size);
    }
  }
}
