package dev.holdfast.sim.campaign.durability;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/// Years of one fleet, event by event. A member that starts anew opens when k of its providers that
/// still have its shares are open or can open themselves; who can never open has lost its key.
final class History {
  private final Assumptions assumed;
  private final Scheme scheme;
  private final SplittableRandom random;
  private final Fleet fleet;
  private final Losses losses;
  private final PriorityQueue<Planned> planned =
      new PriorityQueue<>(Comparator.comparingDouble(Planned::at));

  /// Counts the repairs and new accounts of a member; what was planned before the last is void.
  private final int[] rounds;

  private final BitSet repairing;

  /// Those with fewer than k shares, whose next start is planned.
  private final BitSet weak;

  private enum Step {
    REPAIR,
    RESTART
  }

  private record Planned(double at, Step step, int member, int round) {}

  private History(Assumptions assumed, Scheme scheme, int years, long seed) {
    this.assumed = assumed;
    this.scheme = scheme;
    this.random = new SplittableRandom(seed);
    this.fleet = new Fleet(assumed, scheme, random.split());
    this.losses = new Losses(scheme, assumed.members(), years);
    this.rounds = new int[assumed.members()];
    this.repairing = new BitSet(assumed.members());
    this.weak = new BitSet(assumed.members());
  }

  /// Equal arguments give equal losses.
  static Losses of(Assumptions assumed, Scheme scheme, int years, long seed) {
    History history = new History(assumed, scheme, years, seed);
    history.run(years);
    return history.losses;
  }

  private void run(int years) {
    double rate = Cause.DRAWN.stream().mapToDouble(assumed::rate).sum();
    double now = 0;
    while (true) {
      double next = rate == 0 ? years : now + untilNext(rate);
      for (Planned step = planned.peek();
          step != null && step.at() <= Math.min(next, years);
          step = planned.peek()) {
        planned.remove();
        take(step);
      }
      if (next >= years) {
        return;
      }
      now = next;
      happen(draw(rate), now);
    }
  }

  /// Until the next of events that come `rate` times a year, in years.
  private double untilNext(double rate) {
    return -Math.log(1 - random.nextDouble()) / rate;
  }

  private Cause draw(double total) {
    double left = random.nextDouble() * total;
    for (Cause cause : Cause.DRAWN) {
      left -= assumed.rate(cause);
      if (left < 0) {
        return cause;
      }
    }
    return Cause.DRAWN.getLast();
  }

  private void take(Planned step) {
    int member = step.member();
    if (rounds[member] != step.round()) {
      return;
    }
    switch (step.step()) {
      case REPAIR -> {
        fleet.repair(member);
        settle(member);
      }
      case RESTART -> {
        losses.add(Cause.RESTART, step.at(), 1);
        BitSet one = new BitSet();
        one.set(member);
        end(one, step.at(), assumed.repair());
      }
    }
  }

  private void happen(Cause cause, double now) {
    IntPredicate hit = fleet.hit(cause);
    BitSet those = new BitSet(fleet.size());
    for (int member = 0; member < fleet.size(); member++) {
      those.set(member, hit.test(member));
    }
    if (cause.destroys()) {
      end(those, now, those.cardinality() == 1 ? assumed.repair() : assumed.massRepair());
    } else {
      BitSet locked = stillLocked(those);
      losses.add(cause, now, locked.cardinality());
      end(locked, now, assumed.massRepair());
    }
  }

  /// These accounts are over, and with them the shares that they held; new ones take their place.
  private void end(BitSet those, double now, double delay) {
    List<Integer> hurt = new ArrayList<>();
    those.stream().forEach(member -> hurt.addAll(fleet.forget(member)));
    those.stream().forEach(this::renew);
    for (int owner : hurt) {
      if (!those.get(owner)) {
        weaken(owner, now, now + delay);
      }
    }
  }

  /// Repair is planned, and where too few shares are left, the next start of that member.
  private void weaken(int owner, double now, double repairedAt) {
    if (!repairing.get(owner)) {
      repairing.set(owner);
      planned.add(new Planned(repairedAt, Step.REPAIR, owner, rounds[owner]));
    }
    if (assumed.restart() > 0
        && !weak.get(owner)
        && fleet.shares(owner, any -> true) < scheme.threshold()) {
      weak.set(owner);
      double restart = now + untilNext(assumed.restart());
      planned.add(new Planned(restart, Step.RESTART, owner, rounds[owner]));
    }
  }

  /// All start anew at once: who has enough open providers opens, and may open others. The rest.
  private BitSet stillLocked(BitSet those) {
    BitSet locked = (BitSet) those.clone();
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int m = locked.nextSetBit(0); m >= 0; m = locked.nextSetBit(m + 1)) {
        if (fleet.shares(m, holder -> !locked.get(holder)) >= scheme.threshold()) {
          locked.clear(m);
          moved = true;
        }
      }
    }
    return locked;
  }

  private void renew(int member) {
    fleet.place(member);
    settle(member);
  }

  private void settle(int member) {
    rounds[member]++;
    repairing.clear(member);
    weak.clear(member);
  }
}
