package dev.holdfast.daemon;

import java.time.Duration;
import java.time.Instant;

/// How long this process has been running, counted from its start by the operating system, so that
/// the start of the Java machine is in it.
final class ProcessAge {
  private static final Instant START =
      ProcessHandle.current().info().startInstant().orElseGet(Instant::now);

  private ProcessAge() {}

  static long millis() {
    return Duration.between(START, Instant.now()).toMillis();
  }
}
