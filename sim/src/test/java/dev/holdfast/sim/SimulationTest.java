package dev.holdfast.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.sim.Simulation.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What a seed is.
final class SimulationTest {
  @Test
  void seed_runTwice_isTheSameToTheBit() {
    Outcome once = Simulation.run(7, 10);
    Outcome again = Simulation.run(7, 10);

    assertEquals(once, again);
    assertNotEquals(once.trace(), Simulation.run(8, 10).trace());
  }

  @Test
  void seed_any_hasItsHourItsFaultsAndARecovery() {
    for (long seed = 11; seed <= 13; seed++) {
      Outcome outcome = Simulation.run(seed, 40);

      assertTrue(
          outcome.failure().isEmpty(),
          () -> outcome.failure() + "\n" + String.join("\n", outcome.tail()));
      assertTrue(outcome.simulated().compareTo(Duration.ofHours(1)) >= 0, outcome.toString());
      assertTrue(outcome.faults() >= 20, outcome.toString());
      assertTrue(outcome.recoveries() >= 1, outcome.toString());
    }
  }
}
