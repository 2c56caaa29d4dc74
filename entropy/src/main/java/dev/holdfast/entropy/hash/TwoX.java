package dev.holdfast.entropy.hash;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;

/// XXH64, no cryptographic hash: Substrate names pallets and storage items by it.
public final class TwoX {
  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;
  private static final long P4 = 0x85EBCA77C2B2AE63L;
  private static final long P5 = 0x27D4EB2F165667C5L;
  private static final int STRIPE = 32;

  private TwoX() {}

  /// XXH64 of `text` with seed 0.
  public static Bytes twox64(Bytes text) {
    return new ByteWriter().u64le(hash(text, 0)).toBytes();
  }

  /// XXH64 with seeds 0 and 1, 16 bytes.
  public static Bytes twox128(Bytes text) {
    return new ByteWriter().u64le(hash(text, 0)).u64le(hash(text, 1)).toBytes();
  }

  private static long hash(Bytes text, long seed) {
    try {
      return hash(ByteReader.of("text", text), text.size(), seed);
    } catch (MalformedException e) {
      throw new InvariantError("reads are within the text", e);
    }
  }

  private static long hash(ByteReader in, int size, long seed) throws MalformedException {
    long h = size < STRIPE ? seed + P5 : stripes(in, seed);
    h += size;
    while (in.remaining() >= 8) {
      h = Long.rotateLeft(h ^ round(0, in.u64le("word")), 27) * P1 + P4;
    }
    if (in.remaining() >= 4) {
      h = Long.rotateLeft(h ^ in.u32le("half") * P1, 23) * P2 + P3;
    }
    while (in.remaining() > 0) {
      h = Long.rotateLeft(h ^ in.u8("byte") * P5, 11) * P1;
    }
    h = (h ^ h >>> 33) * P2;
    h = (h ^ h >>> 29) * P3;
    return h ^ h >>> 32;
  }

  private static long stripes(ByteReader in, long seed) throws MalformedException {
    long a = seed + P1 + P2;
    long b = seed + P2;
    long c = seed;
    long d = seed - P1;
    while (in.remaining() >= STRIPE) {
      a = round(a, in.u64le("word"));
      b = round(b, in.u64le("word"));
      c = round(c, in.u64le("word"));
      d = round(d, in.u64le("word"));
    }
    long h =
        Long.rotateLeft(a, 1)
            + Long.rotateLeft(b, 7)
            + Long.rotateLeft(c, 12)
            + Long.rotateLeft(d, 18);
    for (long lane : new long[] {a, b, c, d}) {
      h = (h ^ round(0, lane)) * P1 + P4;
    }
    return h;
  }

  private static long round(long sum, long word) {
    return Long.rotateLeft(sum + word * P2, 31) * P1;
  }
}
