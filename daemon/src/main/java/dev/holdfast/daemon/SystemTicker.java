package dev.holdfast.daemon;

import dev.holdfast.platform.Ticker;
import java.time.Duration;

/// The process's monotonic clock.
final class SystemTicker implements Ticker {
  SystemTicker() {}

  @Override
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime());
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }
}
