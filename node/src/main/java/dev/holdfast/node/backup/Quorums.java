package dev.holdfast.node.backup;

import dev.holdfast.protocol.Threshold;

/// How many of `holders` providers must agree, so that two decisions always share one of them.
public final class Quorums {
  private Quorums() {}

  /// Confirmations that make a run the one: any two such sets share a provider, and so does any set
  /// of k that releases.
  public static int claim(Threshold threshold, int holders) {
    return Math.max(holders - threshold.k() + 1, holders / 2 + 1);
  }

  /// Acknowledgements of a witness, `faults` of which may be lies, after which every k providers
  /// have an honest one that remembers.
  public static int witness(Threshold threshold, int holders, int faults) {
    return holders - threshold.k() + 1 + faults;
  }

  /// Retirements, `faults` of which may be lies, after which those who did not retire neither open
  /// the store nor are a quorum for a run: with k = n the second takes more.
  public static int retire(Threshold threshold, int holders, int faults) {
    int unable = holders - claim(threshold, holders) + 1;
    return Math.max(holders - threshold.k() + 1, unable) + faults;
  }
}
