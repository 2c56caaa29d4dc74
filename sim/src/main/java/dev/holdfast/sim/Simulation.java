package dev.holdfast.sim;

import dev.holdfast.codec.Bytes;
import dev.holdfast.sim.check.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One seed from beginning to end. Equal seeds give equal outcomes, to the bit.
public final class Simulation {
  private Simulation() {}

  /// What came of a seed.
  ///
  /// @param secondStarts nodes that became whole only when they were started anew
  /// @param trace a hash over everything that happened
  /// @param failure what must not have happened, if it did
  /// @param tail the last lines of the trace
  public record Outcome(
      long seed,
      Bytes trace,
      Duration simulated,
      int faults,
      int recoveries,
      int secondStarts,
      Optional<String> failure,
      List<String> tail) {}

  /// @param tracedLines how many lines of the trace to keep
  public static Outcome run(long seed, int tracedLines) {
    World world = new World(seed, tracedLines);
    Optional<String> failure = failure(world);
    return new Outcome(
        seed,
        world.trace.hash(),
        Duration.between(Vendor.START, world.agenda.now()),
        world.faults(),
        world.watch.recoveries,
        world.secondStarts(),
        failure,
        world.trace.tail());
  }

  /// Whatever is thrown is a find: a checker's word, or a broken invariant of the node.
  private static Optional<String> failure(World world) {
    try {
      world.run();
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      StackTraceElement[] stack = e.getStackTrace();
      return Optional.of(
          e instanceof Violation || stack.length == 0
              ? String.valueOf(e.getMessage())
              : e.getClass().getSimpleName() + ": " + e.getMessage() + " at " + stack[0]);
    }
  }
}
