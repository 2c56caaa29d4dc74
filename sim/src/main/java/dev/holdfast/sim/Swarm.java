package dev.holdfast.sim;

import dev.holdfast.protocol.Threshold;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What a seed draws first: how large the fleet is, which faults there are, and how many.
///
/// @param crowded two nodes run on one machine
record Swarm(
    int machines,
    Threshold threshold,
    boolean crowded,
    Duration confirmEvery,
    Duration retryMost,
    Set<Fault> kinds,
    int faults,
    Rates rates) {
  static final int LEAST_FAULTS = 20;
  private static final int MOST_FAULTS = 45;

  /// Of what may happen at any time.
  record Rates(double loss, double duplicate, double slow, double write, double quote) {
    private static Rates draw(Chance chance) {
      return new Rates(
          chance.of(List.of(0.0, 0.0, 0.01, 0.05, 0.2)),
          chance.of(List.of(0.0, 0.01, 0.1)),
          chance.of(List.of(0.0, 0.02, 0.2)),
          chance.of(List.of(0.0, 0.0, 0.02, 0.1)),
          chance.of(List.of(0.0, 0.0, 0.05)));
    }

    static Rates none() {
      return new Rates(0, 0, 0, 0, 0);
    }
  }

  static Swarm draw(Chance chance) {
    int machines = chance.of(List.of(4, 4, 4, 5, 6));
    Threshold threshold =
        machines == 6 && chance.with(0.6) ? new Threshold(3, 5) : Threshold.DEFAULT;
    boolean crowded = machines > threshold.n() + 1 && chance.with(0.4);
    Duration confirmEvery =
        chance.with(0.03)
            ? Duration.ofSeconds(30)
            : chance.between(Duration.ofMinutes(6), Duration.ofMinutes(25));
    Duration retryMost = chance.of(List.of(Duration.ofSeconds(15), Duration.ofSeconds(60)));
    Set<Fault> kinds = EnumSet.noneOf(Fault.class);
    for (Fault kind : Fault.values()) {
      if (chance.with(0.4)) {
        kinds.add(kind);
      }
    }
    kinds.add(chance.of(List.of(Fault.KILLED, Fault.STOPPED)));
    int faults = LEAST_FAULTS + chance.below(MOST_FAULTS - LEAST_FAULTS + 1);
    return new Swarm(
        machines, threshold, crowded, confirmEvery, retryMost, kinds, faults, Rates.draw(chance));
  }
}
