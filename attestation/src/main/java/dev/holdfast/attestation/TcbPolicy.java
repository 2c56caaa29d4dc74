package dev.holdfast.attestation;

import dev.holdfast.attestation.tcb.TcbStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which TCB a policy accepts.
///
/// - `acceptedStatuses`: default [TcbStatus#UP_TO_DATE] only; `REVOKED` and `NOT_SUPPORTED` are
///   never accepted, whatever stands here.
/// - `acceptedAdvisoryIds`: under a status other than up-to-date every advisory must be among
///   these; empty `Optional`: advisories do not matter. Default: none accepted. Advisories on an
///   up-to-date level do not matter.
/// - `deniedAdvisoryIds`: refused under every status. Default: none.
/// - `minEvaluationNumber`: TCB info and QE identity must both have at least this; default 0.
/// - `collateralGraceUntil`: up to this instant, TCB info, QE identity and CRLs may be expired
///   (never not yet valid, never the certificates). Default: no grace.
public record TcbPolicy(
    Set<TcbStatus> acceptedStatuses,
    Optional<Set<String>> acceptedAdvisoryIds,
    Set<String> deniedAdvisoryIds,
    int minEvaluationNumber,
    Optional<Instant> collateralGraceUntil) {
  public TcbPolicy {
    EnumSet<TcbStatus> statuses = EnumSet.of(TcbStatus.UP_TO_DATE);
    statuses.addAll(acceptedStatuses);
    acceptedStatuses = Collections.unmodifiableSet(statuses);
    acceptedAdvisoryIds = acceptedAdvisoryIds.map(TcbPolicy::sorted);
    deniedAdvisoryIds = sorted(deniedAdvisoryIds);
  }

  public static TcbPolicy defaults() {
    return new TcbPolicy(
        EnumSet.of(TcbStatus.UP_TO_DATE), Optional.of(Set.of()), Set.of(), 0, Optional.empty());
  }

  private static Set<String> sorted(Set<String> ids) {
    return Collections.unmodifiableSet(new TreeSet<>(ids));
  }
}
