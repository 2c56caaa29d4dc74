package dev.holdfast.node.context;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Image;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.custody.CustodianKey;
import java.time.Duration;
import java.util.List;

/// What a node is told at its start: its fleet's posture, where peers reach it, what it says about
/// itself, and the keys of the custodians that the posture names, in its order.
public record NodeConfig(
    Posture posture,
    Endpoint endpoint,
    MemberLabels labels,
    Image image,
    Timings timings,
    Upkeep upkeep,
    List<CustodianKey> custodians) {
  public NodeConfig {
    custodians = List.copyOf(custodians);
    InvariantError.check(
        custodians.stream()
            .map(CustodianKey::fingerprint)
            .toList()
            .equals(posture.safeguards().custodians().keys()),
        "the keys of exactly the custodians that the posture names, in its order");
  }

  /// When shares are placed anew without being asked to.
  ///
  /// @param every how old a root key may get, zero for any age
  /// @param repairAfter how long a provider may fail before its share is placed elsewhere
  /// @param atLeast between two rotations that nobody asked for
  public record Upkeep(Duration every, Duration repairAfter, Duration atLeast) {
    public static final Upkeep DEFAULT =
        new Upkeep(Duration.ZERO, Duration.ofMinutes(30), Duration.ofHours(1));
  }
}
