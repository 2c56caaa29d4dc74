package dev.holdfast.node.context;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;

/// Pauses between attempts: each twice as long as the one before, up to a limit, and each drawn
/// between half and the whole of it, so that many nodes do not try in step.
public final class Backoff {
  private final Duration first;
  private final Duration most;
  private final SecureRandom random;
  private Duration pause;

  public Backoff(Timings timings, SecureRandom random) {
    this.first = timings.retryFirst();
    this.most = timings.retryMost();
    this.random = random;
    this.pause = first;
  }

  /// When to try again.
  public Instant next(Instant now) {
    long whole = Math.max(2, pause.toMillis());
    Instant at = now.plusMillis(random.nextLong(whole / 2, whole + 1));
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(most) < 0 ? doubled : most;
    return at;
  }

  public void reset() {
    pause = first;
  }
}
