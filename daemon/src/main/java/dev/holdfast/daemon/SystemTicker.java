package dev.holdfast.daemon;

import dev.holdfast.platform.Ticker;
import java.time.Duration;

/// The process's monotonic clock.
public final class SystemTicker implements Ticker {
  public SystemTicker() {}

  @Override
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime());
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }
}
