package dev.holdfast.store;

import dev.holdfast.codec.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;

/// `./dev crash`: many kills of a writing process, and many losses of power. The last line on
/// standard output says how many writes were acknowledged, and how many of them were lost.
final class CrashCampaign {
  private static final int KILLS_PER_STORE = 20;
  private static final int MAX_ACKNOWLEDGEMENTS = 400;
  private static final long PATIENCE_MILLIS = 60_000;
  // Starting and opening take about as long.
  private static final int MAX_EARLY_MILLIS = 800;

  private final Random random;
  private long acknowledged;
  private long lost;
  private long droppedBytes;

  private CrashCampaign(long seed) {
    this.random = new Random(seed);
  }

  /// Arguments: number of kills, number of losses of power, seed of where they happen.
  public static void main(String[] arguments) throws Exception {
    int kills = Integer.parseInt(arguments[0]);
    int powerLosses = Integer.parseInt(arguments[1]);
    CrashCampaign campaign = new CrashCampaign(Long.parseLong(arguments[2]));
    campaign.run(kills, false);
    campaign.run(powerLosses, true);
    System.out.println(
        JsonWriter.object()
            .put("command", "crash")
            .put("kills", kills)
            .put("powerLosses", powerLosses)
            .put("acknowledged", campaign.acknowledged)
            .put("lost", campaign.lost)
            .put("unconfirmedBytesDropped", campaign.droppedBytes));
    System.exit(campaign.lost == 0 ? 0 : 1);
  }

  private void run(int kills, boolean withPowerLoss) throws Exception {
    for (int done = 0; done < kills; done += KILLS_PER_STORE) {
      Path folder = Files.createTempDirectory("crash");
      PowerLoss powerLoss = withPowerLoss ? PowerLoss.in(folder, random) : null;
      try (CrashHarness harness = new CrashHarness(folder, powerLoss)) {
        for (int kill = done; kill < Math.min(kills, done + KILLS_PER_STORE); kill++) {
          boolean early = random.nextInt(4) == 0;
          harness.kill(
              1 + random.nextInt(MAX_ACKNOWLEDGEMENTS),
              early ? random.nextInt(MAX_EARLY_MILLIS) : PATIENCE_MILLIS);
        }
        acknowledged += harness.acknowledged();
        lost += harness.lost();
        droppedBytes += harness.droppedBytes();
      }
      delete(folder);
      System.err.printf(
          "%s %d: %d writes acknowledged, %d lost, %d bytes dropped%n",
          withPowerLoss ? "power losses" : "kills",
          Math.min(kills, done + KILLS_PER_STORE),
          acknowledged,
          lost,
          droppedBytes);
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
