package dev.holdfast.sim.campaign.durability;

import java.util.List;

/// What happens to members, alone or together.
enum Cause {
  RESTART("restart"),
  DESTROYED("destroyed"),
  ZONE_POWER("zone-power"),
  ZONE_LOST("zone-lost"),
  ROLLOUT("rollout"),
  OPERATOR_GONE("operator-gone"),
  REVOKED("revoked"),
  BLACKOUT("blackout");

  /// Those that are drawn for the whole fleet. Restarts are not: one harms only a member that has
  /// too few shares left, and is drawn when that begins.
  static final List<Cause> DRAWN =
      List.of(DESTROYED, ZONE_POWER, ZONE_LOST, ROLLOUT, OPERATOR_GONE, REVOKED, BLACKOUT);

  private final String code;

  Cause(String code) {
    this.code = code;
  }

  String code() {
    return code;
  }

  /// True when the disks of those hit are gone, false when they only start anew.
  boolean destroys() {
    return this == DESTROYED || this == ZONE_LOST || this == OPERATOR_GONE;
  }
}
