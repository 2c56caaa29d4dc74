package dev.holdfast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a writing process without warning and accounts for every acknowledged write; a short round
/// of what `./dev crash` does at length.
class CrashTest {
  private static final int KILLS = 5;
  private static final long PATIENCE_MILLIS = 60_000;

  @TempDir Path folder;

  @Test
  void writes_acknowledgedBeforeKill_areAllThereAndBatchesWhole() throws Exception {
    try (CrashHarness harness = new CrashHarness(folder, null)) {
      int heard = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        harness.kill(20 + 60 * kill, PATIENCE_MILLIS);
        heard += 20 + 60 * kill;
      }
      assertTrue(harness.acknowledged() >= heard, "the writer lives until it is killed");
      assertEquals(0, harness.lost());
    }
  }

  @Test
  void writes_acknowledgedBeforeALossOfPower_areAllThere() throws Exception {
    assumeTrue(PowerLoss.isPossible(), "SKIPPED: needs a C compiler");
    PowerLoss powerLoss = PowerLoss.in(folder, new Random(1));
    try (CrashHarness harness = new CrashHarness(folder, powerLoss)) {
      for (int kill = 0; kill < KILLS; kill++) {
        harness.kill(20 + 60 * kill, PATIENCE_MILLIS);
      }
      assertEquals(0, harness.lost());
    }
  }

  /// A harness that sees no loss on such a disk would see none anywhere.
  @Test
  void writes_toADiskThatConfirmsWithoutSyncing_areLost() throws Exception {
    assumeTrue(PowerLoss.isPossible(), "SKIPPED: needs a C compiler");
    PowerLoss powerLoss = PowerLoss.in(folder, new Random(1));
    powerLoss.blind();
    try (CrashHarness harness = new CrashHarness(folder, powerLoss)) {
      StoreException corrupted = null;
      for (int kill = 0; kill < KILLS && corrupted == null; kill++) {
        try {
          harness.kill(20 + 60 * kill, PATIENCE_MILLIS);
        } catch (StoreException e) {
          corrupted = e;
        }
      }
      assertTrue(corrupted != null || harness.lost() > 0, "such a disk loses something");
    }
  }
}
