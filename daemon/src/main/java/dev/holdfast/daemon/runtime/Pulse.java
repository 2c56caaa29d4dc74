package dev.holdfast.daemon.runtime;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Whether a thread still moves. Before each piece of work and each wait it says by when it will
/// have moved on; who does not hold that is stuck. Written by one thread, read by any.
final class Pulse {
  /// Longest piece of work, and how late a wait may end.
  static final Duration BOUND = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private volatile Optional<Long> movesBy = Optional.empty();

  Pulse(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void works() {
    waits(0);
  }

  void waits(long nanos) {
    long most = Long.MAX_VALUE / 4;
    movesBy = Optional.of(nanoTime.getAsLong() + Math.min(nanos, most) + BOUND.toNanos());
  }

  /// Waits for others only: nothing is due.
  void rests() {
    movesBy = Optional.empty();
  }

  boolean beats() {
    return movesBy.map(by -> nanoTime.getAsLong() - by < 0).orElse(true);
  }
}
