package dev.holdfast.daemon.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PulseTest {
  private static final long BOUND = Pulse.BOUND.toNanos();

  /// Close to where nanoTime wraps around.
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - BOUND / 2);

  private final Pulse pulse = new Pulse(now::get);

  @Test
  void pulse_workPastItsBound_isGone() {
    pulse.works();
    now.addAndGet(BOUND - 1);
    assertTrue(pulse.beats());
    now.addAndGet(1);
    assertFalse(pulse.beats());
    pulse.works();
    assertTrue(pulse.beats());
  }

  @Test
  void pulse_longWait_beatsUntilItIsOverdue() {
    pulse.waits(10 * BOUND);
    now.addAndGet(11 * BOUND - 1);
    assertTrue(pulse.beats());
    now.addAndGet(1);
    assertFalse(pulse.beats());
  }

  @Test
  void pulse_nothingDue_beats() {
    assertTrue(pulse.beats());
    pulse.works();
    pulse.rests();
    now.addAndGet(1000 * BOUND);
    assertTrue(pulse.beats());
  }
}
