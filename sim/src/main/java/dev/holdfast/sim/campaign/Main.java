package dev.holdfast.sim.campaign;

import dev.holdfast.codec.JsonWriter;
import dev.holdfast.sim.Simulation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `./dev sim`: seeds, one seed again, or the planted bugs. Ends with one line of JSON; exit code 1
/// when there was a find, or a planted bug was not found.
final class Main {
  private static final int DEFAULT_SEEDS = 1000;
  private static final int REPLAYED_LINES = 100_000;
  private static final int PLANTED_SEEDS = 10_000;

  private final Arguments arguments;

  private Main(Arguments arguments) {
    this.arguments = arguments;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    try {
      System.exit(new Main(new Arguments(arguments)).run());
    } catch (IllegalArgumentException e) {
      System.err.println("sim: " + e.getMessage());
      System.exit(2);
    }
  }

  private int run() throws IOException, InterruptedException {
    Optional<Long> replay = arguments.number("--replay");
    if (replay.isPresent()) {
      return replay(replay.get());
    }
    long from = arguments.number("--from").orElse(1L);
    if (arguments.contains("--planted")) {
      return planted(from);
    }
    Optional<Long> minutes = arguments.number("--minutes");
    Duration time = minutes.map(Duration::ofMinutes).orElse(Duration.ofDays(365));
    long seeds =
        arguments
            .number("--seeds")
            .orElse(minutes.isPresent() ? Long.MAX_VALUE - from : DEFAULT_SEEDS);
    int threads =
        arguments
            .number("--threads")
            .map(Math::toIntExact)
            .orElse(Runtime.getRuntime().availableProcessors());
    Progress progress = Campaign.run(from, seeds, time, threads);
    JsonWriter figures = progress.figures().put("from", from).put("commit", commit());
    System.out.println(figures);
    return progress.failures() == 0 ? 0 : 1;
  }

  private static int replay(long seed) {
    Simulation.Outcome outcome = Simulation.run(seed, REPLAYED_LINES);
    Progress.show(outcome);
    System.out.println(
        JsonWriter.object()
            .put("command", "sim")
            .put("seed", seed)
            .put("trace", outcome.trace().toHex())
            .put("failures", outcome.failure().isPresent() ? 1 : 0)
            .put("commit", commit()));
    return outcome.failure().isPresent() ? 1 : 0;
  }

  private int planted(long from) throws IOException {
    long most = arguments.number("--seeds").orElse((long) PLANTED_SEEDS);
    JsonWriter found = JsonWriter.object();
    int missed = 0;
    List<PlantedBug> bugs = bugs();
    for (PlantedBug bug : bugs) {
      Optional<PlantedBug.Find> find = bug.hunt(from, most);
      missed += find.isPresent() ? 0 : 1;
      found.put(bug.code(), find.map(PlantedBug.Find::seeds).orElse(0L));
      System.err.println(
          "sim: " + bug.code() + ": " + find.map(PlantedBug.Find::toString).orElse("not found"));
    }
    System.out.println(
        JsonWriter.object()
            .put("command", "sim planted")
            .put("bugs", bugs.size())
            .put("missed", missed)
            .put("foundAfterSeeds", found)
            .put("commit", commit()));
    return missed == 0 ? 0 : 1;
  }

  /// Those named, or all.
  private List<PlantedBug> bugs() {
    List<PlantedBug> named =
        Stream.of(PlantedBug.values()).filter(bug -> arguments.contains(bug.code())).toList();
    return named.isEmpty() ? List.of(PlantedBug.values()) : named;
  }

  /// As `./dev` says; the program does not ask for it.
  private static String commit() {
    return System.getProperty("holdfast.commit", "unknown");
  }
}
