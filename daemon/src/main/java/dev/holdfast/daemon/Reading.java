package dev.holdfast.daemon;

import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.ProviderStatus.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// All that is known of a node at one time, for metrics and for people.
///
/// @param storeBytes size of the open store
/// @param now on the node's own clock, which the dates are by
record Reading(
    NodeSnapshot snapshot, Observations.Seen seen, Optional<Long> storeBytes, Instant now) {

  /// Providers of its shares that are this far.
  long providers(Progress progress) {
    return snapshot.providers().stream().filter(p -> p.progress() == progress).count();
  }

  /// Own shares that their providers hold firmly.
  long firm() {
    return snapshot.providers().stream()
        .map(ProviderStatus::progress)
        .filter(Reading::firm)
        .count();
  }

  private static boolean firm(Progress progress) {
    return progress == Progress.FIRM || progress == Progress.LEAVING;
  }

  /// Own shares that may be lost before fewer than k are held firmly; empty while the store is not
  /// open, negative while fewer are.
  Optional<Long> failuresTolerated() {
    return snapshot.storeOpen() ? Optional.of(firm() - snapshot.threshold().k()) : Optional.empty();
  }

  /// Seconds from `then` to now; never negative.
  double secondsSince(Instant then) {
    return Math.max(0, seconds(Duration.between(then, now)));
  }

  /// Seconds from now to `then`; negative when that is past.
  double secondsUntil(Instant then) {
    return seconds(Duration.between(now, then));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
