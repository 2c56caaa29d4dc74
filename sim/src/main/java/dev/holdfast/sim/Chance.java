package dev.holdfast.sim;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// What one seed decides: faults, delays and targets. The nodes draw their keys from [#secure].
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /// A source for keys that a seed determines; nothing real may draw from it.
  static SecureRandom secure(long seed) {
    try {
      SecureRandom source = SecureRandom.getInstance("SHA1PRNG");
      source.setSeed(seed);
      return source;
    } catch (NoSuchAlgorithmException e) {
      throw new InvariantError("every JDK has SHA1PRNG", e);
    }
  }

  boolean with(double rate) {
    return rate > 0 && random.nextDouble() < rate;
  }

  /// 0 to `bound` - 1.
  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T of(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  Duration millis(long least, long most) {
    return Duration.ofMillis(random.nextLong(least, most + 1));
  }

  Duration between(Duration least, Duration most) {
    return millis(least.toMillis(), most.toMillis());
  }

  Bytes bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }
}
