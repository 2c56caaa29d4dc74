package dev.holdfast.node.context;

import dev.holdfast.node.model.Counters;
import dev.holdfast.protocol.ProblemCode;
import java.util.EnumMap;
import java.util.Map;

/// Counts what the node does; see [Counters].
public final class Tally {
  public long releases;
  public long depositsTaken;
  public long proofsGiven;
  public long quotesAsked;
  public long recoveryAttempts;
  public long forksSeen;
  private final Map<ProblemCode, Long> releaseRefusals = new EnumMap<>(ProblemCode.class);
  private final Map<ProblemCode, Long> depositRefusals = new EnumMap<>(ProblemCode.class);

  public Tally() {}

  public void releaseRefused(ProblemCode reason) {
    releaseRefusals.merge(reason, 1L, Long::sum);
  }

  public void depositRefused(ProblemCode reason) {
    depositRefusals.merge(reason, 1L, Long::sum);
  }

  public Counters counters() {
    return new Counters(
        releases,
        sum(releaseRefusals),
        depositsTaken,
        sum(depositRefusals),
        proofsGiven,
        quotesAsked,
        recoveryAttempts,
        forksSeen,
        releaseRefusals,
        depositRefusals);
  }

  private static long sum(Map<ProblemCode, Long> refusals) {
    return refusals.values().stream().mapToLong(Long::longValue).sum();
  }
}
