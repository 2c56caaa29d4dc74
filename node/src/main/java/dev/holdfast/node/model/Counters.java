package dev.holdfast.node.model;

import dev.holdfast.protocol.ProblemCode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What a node has done since its process started.
///
/// - `releaseRefusals`, `depositRefusals`: the refused ones by reason; a reason that was never
///   given is absent. In the order of the codes.
/// - `forksSeen`: witnesses that contradict what was remembered of their account.
public record Counters(
    long releases,
    long releasesRefused,
    long depositsTaken,
    long depositsRefused,
    long proofsGiven,
    long quotesAsked,
    long recoveryAttempts,
    long forksSeen,
    Map<ProblemCode, Long> releaseRefusals,
    Map<ProblemCode, Long> depositRefusals) {
  public static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of());

  public Counters {
    releaseRefusals = Collections.unmodifiableMap(new TreeMap<>(releaseRefusals));
    depositRefusals = Collections.unmodifiableMap(new TreeMap<>(depositRefusals));
  }
}
