package dev.holdfast.sim.campaign.durability;

/// k of n shares, and the rule by which the n providers are chosen.
record Scheme(int threshold, int shares, Rule rule) {
  enum Rule {
    /// Any other member, all alike.
    ANY("any"),
    /// As nodes choose: least in common with those chosen before.
    SPREAD("spread");

    private final String code;

    Rule(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  Scheme {
    if (threshold < 1 || shares < threshold || shares > 16 || 2 * threshold <= shares) {
      throw new IllegalArgumentException(
          "a scheme is k of n with 1 ≤ k ≤ n ≤ 16 and 2k > n, not %d of %d"
              .formatted(threshold, shares));
    }
  }

  String name() {
    return threshold + " of " + shares;
  }
}
