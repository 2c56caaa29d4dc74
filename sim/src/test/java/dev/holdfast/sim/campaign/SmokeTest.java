package dev.holdfast.sim.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The first seeds, as many as fit into a test. `./dev sim` runs more.
final class SmokeTest {
  private static final Duration TIME = Duration.ofSeconds(25);
  private static final int SEEDS = 400;

  @Test
  void firstSeeds_asManyAsFit_allHold() throws InterruptedException {
    int threads = Runtime.getRuntime().availableProcessors();
    Progress progress = Campaign.run(1, SEEDS, TIME, threads);

    String figures = progress.figures().toString();
    assertEquals(0, progress.failures(), figures);
    assertTrue(progress.seeds() >= threads, figures);
  }
}
