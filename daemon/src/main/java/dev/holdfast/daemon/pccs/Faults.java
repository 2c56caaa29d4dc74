package dev.holdfast.daemon.pccs;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// What goes wrong on purpose, for testing clients.
///
/// @param status answered instead of the document, 400..599
/// @param requests how many requests, counted from the start, get that status
/// @param retryAfter told with that status, in whole seconds
/// @param delay before every answer
public record Faults(
    OptionalInt status, long requests, Optional<Duration> retryAfter, Duration delay) {
  /// Longest delay.
  public static final Duration MAX_DELAY = Duration.ofMinutes(10);

  public Faults {
    require(status.isEmpty() || (status.getAsInt() >= 400 && status.getAsInt() <= 599), "status");
    require(requests >= 0, "requests");
    require(!delay.isNegative() && delay.compareTo(MAX_DELAY) <= 0, "delay");
    require(retryAfter.map(value -> !value.isNegative()).orElse(true), "retryAfter");
  }

  /// Nothing goes wrong.
  public static Faults none() {
    return new Faults(OptionalInt.empty(), 0, Optional.empty(), Duration.ZERO);
  }

  private static void require(boolean holds, String name) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is out of its range");
    }
  }
}
