package dev.holdfast.attestation.policy;

import dev.holdfast.attestation.tcb.TcbStatus;
import java.time.Duration;
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
/// - `graceUntil`: up to this instant the accepted statuses hold, after it up-to-date only.
///   Default: no end.
/// - `acceptedAdvisoryIds`: under a status other than up-to-date every advisory must be among
///   these; empty `Optional`: advisories do not matter. Default: none accepted. Advisories on an
///   up-to-date level do not matter.
/// - `deniedAdvisoryIds`: refused under every status. Default: none.
/// - `minEvaluationNumber`: TCB info and QE identity must both have at least this; default 0.
/// - `minTcbDate`: no level met may be dated before this. Default: any date.
/// - `collateralGraceUntil`: up to this instant, TCB info, QE identity and CRLs may be expired by
///   at most [#MAX_COLLATERAL_GRACE] (never not yet valid, never the certificates). Default: no
///   grace.
public record TcbPolicy(
    Set<TcbStatus> acceptedStatuses,
    Optional<Instant> graceUntil,
    Optional<Set<String>> acceptedAdvisoryIds,
    Set<String> deniedAdvisoryIds,
    int minEvaluationNumber,
    Optional<Instant> minTcbDate,
    Optional<Instant> collateralGraceUntil) {
  /// However long a grace lasts, what ended longer ago is history: whoever presents collateral
  /// could choose the one from before a platform was revoked.
  public static final Duration MAX_COLLATERAL_GRACE = Duration.ofDays(30);

  public TcbPolicy {
    EnumSet<TcbStatus> statuses = EnumSet.of(TcbStatus.UP_TO_DATE);
    statuses.addAll(acceptedStatuses);
    acceptedStatuses = Collections.unmodifiableSet(statuses);
    acceptedAdvisoryIds = acceptedAdvisoryIds.map(TcbPolicy::sorted);
    deniedAdvisoryIds = sorted(deniedAdvisoryIds);
  }

  public static TcbPolicy defaults() {
    return new TcbPolicy(
        Set.of(),
        Optional.empty(),
        Optional.of(Set.of()),
        Set.of(),
        0,
        Optional.empty(),
        Optional.empty());
  }

  /// True when `status` is accepted at `at`.
  public boolean accepts(TcbStatus status, Instant at) {
    return status == TcbStatus.UP_TO_DATE
        || (!status.terminal() && acceptedStatuses.contains(status) && !graceEnded(at));
  }

  /// True when documents of which the first ended at `end` may still be used at `at`.
  public boolean excuses(Instant end, Instant at) {
    return collateralGraceUntil.filter(until -> !at.isAfter(until)).isPresent()
        && !at.isAfter(end.plus(MAX_COLLATERAL_GRACE));
  }

  /// True when there is an end to the accepted statuses and `at` is behind it.
  public boolean graceEnded(Instant at) {
    return graceUntil.filter(at::isAfter).isPresent();
  }

  public TcbPolicy withAcceptedStatuses(Set<TcbStatus> value) {
    return new TcbPolicy(
        value,
        graceUntil,
        acceptedAdvisoryIds,
        deniedAdvisoryIds,
        minEvaluationNumber,
        minTcbDate,
        collateralGraceUntil);
  }

  public TcbPolicy withGraceUntil(Instant value) {
    return new TcbPolicy(
        acceptedStatuses,
        Optional.of(value),
        acceptedAdvisoryIds,
        deniedAdvisoryIds,
        minEvaluationNumber,
        minTcbDate,
        collateralGraceUntil);
  }

  /// @param value empty: any advisory that is not denied
  public TcbPolicy withAcceptedAdvisoryIds(Optional<Set<String>> value) {
    return new TcbPolicy(
        acceptedStatuses,
        graceUntil,
        value,
        deniedAdvisoryIds,
        minEvaluationNumber,
        minTcbDate,
        collateralGraceUntil);
  }

  public TcbPolicy withDeniedAdvisoryIds(Set<String> value) {
    return new TcbPolicy(
        acceptedStatuses,
        graceUntil,
        acceptedAdvisoryIds,
        value,
        minEvaluationNumber,
        minTcbDate,
        collateralGraceUntil);
  }

  public TcbPolicy withMinEvaluationNumber(int value) {
    return new TcbPolicy(
        acceptedStatuses,
        graceUntil,
        acceptedAdvisoryIds,
        deniedAdvisoryIds,
        value,
        minTcbDate,
        collateralGraceUntil);
  }

  public TcbPolicy withMinTcbDate(Instant value) {
    return new TcbPolicy(
        acceptedStatuses,
        graceUntil,
        acceptedAdvisoryIds,
        deniedAdvisoryIds,
        minEvaluationNumber,
        Optional.of(value),
        collateralGraceUntil);
  }

  public TcbPolicy withCollateralGraceUntil(Instant value) {
    return new TcbPolicy(
        acceptedStatuses,
        graceUntil,
        acceptedAdvisoryIds,
        deniedAdvisoryIds,
        minEvaluationNumber,
        minTcbDate,
        Optional.of(value));
  }

  private static Set<String> sorted(Set<String> ids) {
    return Collections.unmodifiableSet(new TreeSet<>(ids));
  }
}
