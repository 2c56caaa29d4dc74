package dev.holdfast.sim.campaign.durability;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Keys lost, by what made their owner need them.
final class Losses {
  /// A chance that was never seen in independent trials is below this by their number, 95 times in
  /// 100.
  private static final double RULE_OF_THREE = 3;

  private final Scheme scheme;
  private final int members;
  private final int lived;
  private final Map<Cause, Long> keys = new EnumMap<>(Cause.class);
  private final Set<Integer> years = new HashSet<>();
  private final Set<Integer> yearsWithoutBlackout = new HashSet<>();

  /// Of so many members in so many years.
  Losses(Scheme scheme, int members, int lived) {
    this.scheme = scheme;
    this.members = members;
    this.lived = lived;
  }

  void add(Cause cause, double at, long count) {
    if (count > 0) {
      keys.merge(cause, count, Long::sum);
      years.add((int) at);
      if (cause != Cause.BLACKOUT) {
        yearsWithoutBlackout.add((int) at);
      }
    }
  }

  Scheme scheme() {
    return scheme;
  }

  long keys(Cause cause) {
    return keys.getOrDefault(cause, 0L);
  }

  private long keys() {
    return keys.values().stream().mapToLong(Long::longValue).sum() - keys(Cause.BLACKOUT);
  }

  /// The chance of one key to be lost in a year, other than by a blackout of the whole fleet.
  double perKey() {
    return (double) keys() / ((double) members * lived);
  }

  /// What [#perKey] would be below, 95 times in 100, where no key was lost at all and keys were
  /// lost one by one. One event loses many: this is what the run can tell apart, no confidence.
  double bound() {
    return RULE_OF_THREE / ((double) members * lived);
  }

  /// The part of all years in which any key of the fleet was lost other than by a blackout.
  double yearsWithLoss() {
    return (double) yearsWithoutBlackout.size() / lived;
  }

  /// The part of all years in which any key of the fleet was lost.
  double yearsWithAnyLoss() {
    return (double) years.size() / lived;
  }
}
