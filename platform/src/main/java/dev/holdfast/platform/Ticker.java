package dev.holdfast.platform;

import java.time.Duration;

/// Time as it passes for this process: its monotonic clock, and waiting on it. Not the host's date.
public interface Ticker {
  /// Time since some fixed moment; only grows.
  Duration elapsed();

  /// Returns after `time`.
  void sleep(Duration time) throws InterruptedException;
}
