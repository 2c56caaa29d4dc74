package dev.holdfast.daemon.runtime;

import java.time.Instant;
import java.time.InstantSource;

/// The wall clock read once at start, and the monotonic clock from there on: the host may set the
/// wall clock back and forth as it likes without anything in the process seeing it.
///
/// Thread-safe.
public final class MonotonicTime implements InstantSource {
  private final Instant start = Instant.now();
  private final long startNanos = System.nanoTime();

  public MonotonicTime() {}

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - startNanos);
  }
}
