package dev.holdfast.node.model;

import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Threshold;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What others may see of a node, after one step.
///
/// - `sentence`: what the node is doing, what is missing, and the next step, for people.
/// - `setback`: what holds it up, when something does.
/// - `storeOpen`: its own store is open (users may read); `acceptsUserWrites`: its manifest is
///   committed and at least k receipts are firm.
/// - `account`, `generation`, `instance`: known (0 when not) from the manifest on, believed from
///   `storeOpen` on.
public record NodeSnapshot(
    NodeState state,
    Instant since,
    String sentence,
    Optional<Setback> setback,
    Self self,
    Threshold threshold,
    boolean storeOpen,
    boolean acceptsUserWrites,
    List<ProviderStatus> providers,
    int members,
    Counters counters) {
  public NodeSnapshot {
    providers = List.copyOf(providers);
  }

  /// Who the node is, as far as it knows.
  public record Self(
      Optional<AccountId> account,
      Optional<Bytes> storeId,
      long generation,
      long instance,
      Bytes posture,
      boolean insecureSimulatedPlatform) {}
}
