package dev.holdfast.node.backup;

import dev.holdfast.node.context.NodeConfig;
import dev.holdfast.protocol.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Decides when the shares are to be placed anew: on command, on schedule, when a provider is
/// leaving, or has failed for too long to be expected back. A pure function of what is known.
///
/// - That a member is not listed starts nothing, nor does a restart: only that a provider proves
///   nothing any more, for longer than `repairAfter`.
/// - With more providers failing than the sharing can lose, nothing is begun: then it is more
///   likely that this node is cut off than that all of them are gone, and a storm of repairs helps
///   nobody.
/// - One that leaves and one that fails cause no more than one new key in `atLeast`: a provider
///   that keeps coming and going costs its depositors no more than that.
/// - `spread` between 0 and 1, drawn by each process, keeps a fleet from beginning at once.
///
/// Spec: docs/spec/lifecycle.md#rotation
final class Upkeep {
  private final NodeConfig.Upkeep rules;
  private final double spread;

  /// One provider, since when everything asked of it has failed, and since when it is leaving.
  record Health(
      AccountId provider,
      String name,
      Optional<Instant> failingSince,
      Optional<Instant> leavingSince) {}

  /// What there is to decide on. `first`: the present root key followed no other.
  record View(
      Instant now,
      Instant drawnAt,
      boolean first,
      List<Health> providers,
      int mayFail,
      boolean commanded) {
    View {
      providers = List.copyOf(providers);
    }
  }

  /// Place a new generation; `unfit` get no share of it.
  record Cause(String words, Set<AccountId> unfit) {}

  Upkeep(NodeConfig.Upkeep rules, double spread) {
    this.rules = rules;
    this.spread = spread;
  }

  Optional<Cause> decide(View view) {
    Set<AccountId> unfit = new TreeSet<>();
    List<String> gone = new ArrayList<>();
    int failing = 0;
    for (Health health : view.providers()) {
      failing += health.failingSince().isPresent() ? 1 : 0;
      health.failingSince().or(health::leavingSince).ifPresent(_ -> unfit.add(health.provider()));
      repairAt(health)
          .filter(at -> !view.now().isBefore(at))
          .ifPresent(_ -> {
            gone.add(health.name() + (isLeaving(health) ? " is leaving" : " failed for too long"));
          });
    }
    if (view.commanded()) {
      return Optional.of(new Cause("it was asked for", unfit));
    }
    boolean rested = !view.now().isBefore(restedAt(view));
    if (!gone.isEmpty() && rested && failing <= view.mayFail()) {
      return Optional.of(new Cause(String.join(", ", gone), unfit));
    }
    return scheduledAt(view).filter(at -> !view.now().isBefore(at)).isPresent()
        ? Optional.of(new Cause("the root key is old", unfit))
        : Optional.empty();
  }

  /// When the same view leads to another decision.
  Optional<Instant> wakeAt(View view) {
    List<Instant> times = new ArrayList<>();
    view.providers().forEach(health -> repairAt(health).ifPresent(times::add));
    if (!times.isEmpty()) {
      times.add(restedAt(view));
    }
    scheduledAt(view).ifPresent(times::add);
    return times.stream().filter(at -> at.isAfter(view.now())).min(Comparator.naturalOrder());
  }

  private static boolean isLeaving(Health health) {
    return health.leavingSince().isPresent() && health.failingSince().isEmpty();
  }

  /// Whoever leaves waits for its depositors, and need not be waited for.
  private Optional<Instant> repairAt(Health health) {
    Duration wait = rules.repairAfter();
    return isLeaving(health)
        ? health.leavingSince().map(since -> since.plus(stretched(wait).minus(wait)))
        : health.failingSince().map(since -> since.plus(stretched(wait)));
  }

  private Instant restedAt(View view) {
    return view.first() ? view.drawnAt() : view.drawnAt().plus(stretched(rules.atLeast()));
  }

  private Optional<Instant> scheduledAt(View view) {
    return rules.every().isZero()
        ? Optional.empty()
        : Optional.of(view.drawnAt().plus(stretched(rules.every())));
  }

  /// Up to a quarter more.
  private Duration stretched(Duration duration) {
    return duration.plusMillis((long) (duration.toMillis() / 4.0 * spread));
  }
}
