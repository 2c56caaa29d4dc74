package dev.holdfast.platform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Time that passes only by sleeping, at once.
final class FakeTicker implements Ticker {
  final List<Duration> sleeps = new ArrayList<>();
  private Duration now = Duration.ofDays(1);

  @Override
  public synchronized Duration elapsed() {
    return now;
  }

  @Override
  public synchronized void sleep(Duration time) {
    sleeps.add(time);
    pass(time);
  }

  synchronized void pass(Duration time) {
    now = now.plus(time);
  }
}
