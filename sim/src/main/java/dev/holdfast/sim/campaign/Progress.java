package dev.holdfast.sim.campaign;

import dev.holdfast.codec.JsonWriter;
import dev.holdfast.sim.Simulation.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Adds up what came of the seeds, says so on standard error from time to time, and shows every
/// find at once. Thread-safe.
final class Progress {
  private static final Duration EVERY = Duration.ofSeconds(10);

  private final List<Outcome> finds = new ArrayList<>();
  private final long startedNanos = System.nanoTime();
  private Duration simulated = Duration.ZERO;
  private Duration saidAt = Duration.ZERO;
  private long seeds;
  private long faults;
  private long recoveries;
  private long secondStarts;

  synchronized void add(Outcome outcome) {
    seeds++;
    simulated = simulated.plus(outcome.simulated());
    faults += outcome.faults();
    recoveries += outcome.recoveries();
    secondStarts += outcome.secondStarts();
    if (outcome.failure().isPresent()) {
      finds.add(outcome);
      show(outcome);
    }
    Duration now = elapsed();
    if (now.minus(saidAt).compareTo(EVERY) >= 0) {
      saidAt = now;
      System.err.printf("sim: %d seeds, %d failures, %d s%n", seeds, finds.size(), now.toSeconds());
    }
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  synchronized long seeds() {
    return seeds;
  }

  synchronized int failures() {
    return finds.size();
  }

  synchronized JsonWriter figures() {
    return JsonWriter.object()
        .put("command", "sim")
        .put("seeds", seeds)
        .put("failures", finds.size())
        .put("simulatedHours", simulated.toHours())
        .put("faults", faults)
        .put("recoveries", recoveries)
        .put("secondStarts", secondStarts)
        .put("seconds", elapsed().toSeconds())
        .putStrings("failing", finds.stream().map(find -> Long.toString(find.seed())).toList());
  }

  /// The end of the trace, what must not have been, and how to see it again.
  static void show(Outcome outcome) {
    outcome.tail().forEach(System.err::println);
    System.err.println("sim: seed " + outcome.seed() + " fails: " + outcome.failure().orElse("no"));
    System.err.println("sim: again: ./dev sim --replay " + outcome.seed());
  }
}
