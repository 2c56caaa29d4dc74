package dev.holdfast.node.model;

/// What a node has done since its process started.
public record Counters(
    long releases,
    long releasesRefused,
    long depositsTaken,
    long depositsRefused,
    long proofsGiven,
    long quotesAsked,
    long recoveryAttempts) {
  public static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0, 0);
}
