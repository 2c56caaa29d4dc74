package dev.holdfast.entropy.sr25519;

/// The permutation Keccak-f\[1600\] (FIPS 202, 3.3) over 25 lanes, and nothing else: no library
/// here offers it without a hash around it.
final class Keccak {
  static final int LANES = 25;

  private static final long[] ROUND_CONSTANTS = {
    0x0000000000000001L, 0x0000000000008082L, 0x800000000000808aL, 0x8000000080008000L,
    0x000000000000808bL, 0x0000000080000001L, 0x8000000080008081L, 0x8000000000008009L,
    0x000000000000008aL, 0x0000000000000088L, 0x0000000080008009L, 0x000000008000000aL,
    0x000000008000808bL, 0x800000000000008bL, 0x8000000000008089L, 0x8000000000008003L,
    0x8000000000008002L, 0x8000000000000080L, 0x000000000000800aL, 0x800000008000000aL,
    0x8000000080008081L, 0x8000000000008080L, 0x0000000080000001L, 0x8000000080008008L
  };

  /// Where each lane of the chain of ρ and π goes, and how far it turns on the way.
  private static final int[] TARGETS = {
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1
  };

  private static final int[] TURNS = {
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44
  };

  private Keccak() {}

  static void permute(long[] lanes) {
    for (long constant : ROUND_CONSTANTS) {
      theta(lanes);
      long moving = lanes[1];
      for (int i = 0; i < TARGETS.length; i++) {
        long displaced = lanes[TARGETS[i]];
        lanes[TARGETS[i]] = Long.rotateLeft(moving, TURNS[i]);
        moving = displaced;
      }
      chi(lanes);
      lanes[0] ^= constant;
    }
  }

  private static void theta(long[] lanes) {
    long[] columns = new long[5];
    for (int i = 0; i < LANES; i++) {
      columns[i % 5] ^= lanes[i];
    }
    for (int i = 0; i < LANES; i++) {
      lanes[i] ^= columns[(i + 4) % 5] ^ Long.rotateLeft(columns[(i + 1) % 5], 1);
    }
  }

  private static void chi(long[] lanes) {
    long[] row = new long[5];
    for (int y = 0; y < LANES; y += 5) {
      System.arraycopy(lanes, y, row, 0, 5);
      for (int x = 0; x < 5; x++) {
        lanes[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
      }
    }
  }
}
