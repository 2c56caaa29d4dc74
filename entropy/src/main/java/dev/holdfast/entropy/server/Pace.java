package dev.holdfast.entropy.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Lets something that costs fees happen at most every five minutes. Thread-safe.
final class Pace {
  static final Duration INTERVAL = Duration.ofMinutes(5);

  private final InstantSource time;
  private Optional<Instant> last = Optional.empty();

  Pace(InstantSource time) {
    this.time = time;
  }

  /// True when it may happen now; then not again for a while.
  synchronized boolean mayAsk() {
    Instant now = time.instant();
    if (last.isPresent() && now.isBefore(last.get().plus(INTERVAL))) {
      return false;
    }
    last = Optional.of(now);
    return true;
  }
}
