package dev.holdfast.attestation;

import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a relying party accepts beyond authenticity. The default refuses everything doubtful.
///
/// - `tcb`: which platform states.
/// - `relaxations`: properties allowed although doubtful; default none.
/// - `measurements`: when present, the quote must be of a TDX VM that matches one of them (an empty
///   list accepts nothing).
/// - `platforms`: when present, the PPID or the platform instance id must be among these.
/// - `reportData`: when present, the 64 bytes that the quote must carry.
///
/// Spec: docs/spec/attestation.md#policy
public record AttestationPolicy(
    TcbPolicy tcb,
    Set<Relaxation> relaxations,
    Optional<List<Measurement>> measurements,
    Optional<Set<Bytes>> platforms,
    Optional<Bytes> reportData) {
  public AttestationPolicy {
    EnumSet<Relaxation> allowed = EnumSet.noneOf(Relaxation.class);
    allowed.addAll(relaxations);
    relaxations = Collections.unmodifiableSet(allowed);
    measurements = measurements.map(List::copyOf);
    platforms = platforms.map(ids -> Collections.unmodifiableSet(new TreeSet<>(ids)));
  }

  /// Up to date, no doubtful property, any measurement, any platform, any report data.
  public static AttestationPolicy defaults() {
    return new AttestationPolicy(
        TcbPolicy.defaults(), Set.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public AttestationPolicy withTcb(TcbPolicy policy) {
    return new AttestationPolicy(policy, relaxations, measurements, platforms, reportData);
  }

  public AttestationPolicy withAcceptedStatuses(Set<TcbStatus> statuses) {
    return withTcb(
        new TcbPolicy(
            statuses,
            tcb.acceptedAdvisoryIds(),
            tcb.deniedAdvisoryIds(),
            tcb.minEvaluationNumber(),
            tcb.collateralGraceUntil()));
  }

  public AttestationPolicy withAcceptedAdvisoryIds(Set<String> ids) {
    return withTcb(
        new TcbPolicy(
            tcb.acceptedStatuses(),
            Optional.of(ids),
            tcb.deniedAdvisoryIds(),
            tcb.minEvaluationNumber(),
            tcb.collateralGraceUntil()));
  }

  /// Lets an accepted status carry any advisory that is not denied.
  public AttestationPolicy withAnyAdvisory() {
    return withTcb(
        new TcbPolicy(
            tcb.acceptedStatuses(),
            Optional.empty(),
            tcb.deniedAdvisoryIds(),
            tcb.minEvaluationNumber(),
            tcb.collateralGraceUntil()));
  }

  public AttestationPolicy withDeniedAdvisoryIds(Set<String> ids) {
    return withTcb(
        new TcbPolicy(
            tcb.acceptedStatuses(),
            tcb.acceptedAdvisoryIds(),
            ids,
            tcb.minEvaluationNumber(),
            tcb.collateralGraceUntil()));
  }

  public AttestationPolicy withMinEvaluationNumber(int number) {
    return withTcb(
        new TcbPolicy(
            tcb.acceptedStatuses(),
            tcb.acceptedAdvisoryIds(),
            tcb.deniedAdvisoryIds(),
            number,
            tcb.collateralGraceUntil()));
  }

  public AttestationPolicy withCollateralGraceUntil(Instant until) {
    return withTcb(
        new TcbPolicy(
            tcb.acceptedStatuses(),
            tcb.acceptedAdvisoryIds(),
            tcb.deniedAdvisoryIds(),
            tcb.minEvaluationNumber(),
            Optional.of(until)));
  }

  /// Allows exactly `allowed`.
  public AttestationPolicy withRelaxations(Set<Relaxation> allowed) {
    return new AttestationPolicy(tcb, allowed, measurements, platforms, reportData);
  }

  public AttestationPolicy withMeasurements(List<Measurement> accepted) {
    return new AttestationPolicy(tcb, relaxations, Optional.of(accepted), platforms, reportData);
  }

  public AttestationPolicy withPlatforms(Set<Bytes> accepted) {
    return new AttestationPolicy(tcb, relaxations, measurements, Optional.of(accepted), reportData);
  }

  public AttestationPolicy withReportData(Bytes expected) {
    return new AttestationPolicy(tcb, relaxations, measurements, platforms, Optional.of(expected));
  }
}
