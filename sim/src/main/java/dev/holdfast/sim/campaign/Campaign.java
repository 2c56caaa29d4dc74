package dev.holdfast.sim.campaign;

import dev.holdfast.sim.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Runs seeds one after the other on several threads. The threads share nothing that could make a
/// seed come out differently.
public final class Campaign {
  private static final int TRACED_LINES = 60;

  private Campaign() {}

  /// Seeds from `from` on, `count` of them or as many as `time` allows.
  static Progress run(long from, long count, Duration time, int threads)
      throws InterruptedException {
    Progress progress = new Progress();
    AtomicLong next = new AtomicLong(from);
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(
          Thread.ofPlatform()
              .name("seeds-" + i)
              .start(() -> {
                long seed = next.getAndIncrement();
                while (seed < from + count && progress.elapsed().compareTo(time) < 0) {
                  progress.add(Simulation.run(seed, TRACED_LINES));
                  seed = next.getAndIncrement();
                }
              }));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    return progress;
  }

  /// How many seeds from `from` on it takes until one fails, and why: `count message`, or empty
  /// when none of `most` does. Takes and gives nothing but text and numbers: called across class
  /// loaders.
  public static String hunt(long from, long most) {
    for (long i = 0; i < most; i++) {
      Simulation.Outcome outcome = Simulation.run(from + i, 0);
      if (outcome.failure().isPresent()) {
        return (i + 1) + " " + outcome.failure().get();
      }
    }
    return "";
  }
}
