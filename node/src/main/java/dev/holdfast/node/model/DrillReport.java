package dev.holdfast.node.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What came of a rehearsed recovery.
///
/// - `number`: counted from 1 in this run of the node.
/// - `shares` of the `needed` came and were the right ones; `providers` says who gave none and why.
/// - `setback`: why the node could not have opened its store; empty when it could.
public record DrillReport(
    long number,
    Instant at,
    int shares,
    int needed,
    List<ProviderStatus> providers,
    Optional<Setback> setback) {
  public DrillReport {
    providers = List.copyOf(providers);
  }

  public boolean succeeded() {
    return setback.isEmpty();
  }
}
