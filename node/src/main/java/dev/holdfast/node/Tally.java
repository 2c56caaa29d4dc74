package dev.holdfast.node;

import dev.holdfast.node.model.Counters;

/// Counts what the node does; see [Counters].
final class Tally {
  long releases;
  long releasesRefused;
  long depositsTaken;
  long depositsRefused;
  long proofsGiven;
  long quotesAsked;
  long recoveryAttempts;

  Counters counters() {
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
