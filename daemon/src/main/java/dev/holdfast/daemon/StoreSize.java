package dev.holdfast.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The size of a store, measured now and then: whoever asks often, or while a slow disk is being
/// measured, gets the size before.
///
/// Thread-safe.
final class StoreSize {
  static final Duration PERIOD = Duration.ofSeconds(10);

  private final Supplier<Optional<Long>> measured;
  private final ReentrantLock measuring = new ReentrantLock();
  private volatile Optional<Sample> latest = Optional.empty();

  private record Sample(Instant at, Optional<Long> bytes) {}

  /// @param measured bytes; empty while there is no open store
  StoreSize(Supplier<Optional<Long>> measured) {
    this.measured = measured;
  }

  /// Bytes; empty when none were measured yet, or the store is not open.
  Optional<Long> bytes(Instant now) {
    if (latest.filter(sample -> isFresh(sample, now)).isEmpty() && measuring.tryLock()) {
      try {
        latest = Optional.of(new Sample(now, measured.get()));
      } finally {
        measuring.unlock();
      }
    }
    return latest.flatMap(Sample::bytes);
  }

  /// That there was nothing to measure may be over at any time, and costs nothing to see.
  private static boolean isFresh(Sample sample, Instant now) {
    return sample.bytes().isPresent() && now.isBefore(sample.at().plus(PERIOD));
  }
}
