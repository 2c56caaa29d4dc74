package dev.holdfast.sim.campaign.durability;

/// What a fleet is assumed to be and to suffer. Rates are events a year, each of one member, zone,
/// operator or kind of machine; repair times are years.
///
/// @param members how many members, always as many: who is destroyed comes back as a new one
/// @param zones, operators, kinds how many of each; the i-th has a size in proportion to 1 / i
/// @param restart a member starts anew: its memory is gone, its disk is not
/// @param destroyed a member and its disk are gone
/// @param zonePower all members of a zone start anew at once
/// @param zoneLost all members of a zone and their disks are gone
/// @param rollout all members of an operator start anew at once
/// @param operatorGone all members of an operator and their disks are gone
/// @param revoked a kind of machine is trusted no more, without grace: all its members must start
///   anew on another at once
/// @param blackout all members of the fleet start anew at once
/// @param repair from the end of one provider to new shares elsewhere
/// @param massRepair the same after the end of many for one cause, when repair waits for a person
record Assumptions(
    int members,
    int zones,
    int operators,
    int kinds,
    double restart,
    double destroyed,
    double zonePower,
    double zoneLost,
    double rollout,
    double operatorGone,
    double revoked,
    double blackout,
    double repair,
    double massRepair) {

  private static final double HOURS_A_YEAR = 24 * 365.25;

  Assumptions {
    if (members < 16 || members > 1_000_000 || zones < 1 || operators < 1 || kinds < 1) {
      throw new IllegalArgumentException(
          "members must be 16 to 1000000; zones and so on at least 1");
    }
  }

  static Assumptions of(int members) {
    return new Assumptions(
        members, 12, 25, 6, 12, 0.05, 0.5, 0.002, 0.5, 0.02, 0.05, 0.02, hours(1), hours(24));
  }

  static double hours(double hours) {
    return hours / HOURS_A_YEAR;
  }

  double rate(Cause cause) {
    return switch (cause) {
      case RESTART -> restart * members;
      case DESTROYED -> destroyed * members;
      case ZONE_POWER -> zonePower * zones;
      case ZONE_LOST -> zoneLost * zones;
      case ROLLOUT -> rollout * operators;
      case OPERATOR_GONE -> operatorGone * operators;
      case REVOKED -> revoked * kinds;
      case BLACKOUT -> blackout;
    };
  }
}
