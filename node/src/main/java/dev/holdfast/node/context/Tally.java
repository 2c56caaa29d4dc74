package dev.holdfast.node.context;

import dev.holdfast.node.model.Counters;

/// Counts what the node does; see [Counters].
public final class Tally {
  public long releases;
  public long releasesRefused;
  public long depositsTaken;
  public long depositsRefused;
  public long proofsGiven;
  public long quotesAsked;
  public long recoveryAttempts;

  public Tally() {}

  public Counters counters() {
    return new Counters(
        releases,
        releasesRefused,
        depositsTaken,
        depositsRefused,
        proofsGiven,
        quotesAsked,
        recoveryAttempts);
  }
}
