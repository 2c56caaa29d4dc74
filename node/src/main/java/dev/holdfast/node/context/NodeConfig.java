package dev.holdfast.node.context;

import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Image;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.Posture;
import java.time.Duration;

/// What a node is told at its start: its fleet's posture, where peers reach it, and what it says
/// about itself.
public record NodeConfig(
    Posture posture,
    Endpoint endpoint,
    MemberLabels labels,
    Image image,
    Timings timings,
    Upkeep upkeep) {
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
