package dev.holdfast.attestation.policy;

import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a relying party accepts beyond authenticity. The default refuses everything doubtful.
///
/// - `tcb`: which platform states.
/// - `relaxations`: properties allowed although doubtful; default none.
/// - `workload`: which software; default any.
/// - `platforms`: when present, the PPID or the platform instance id (16 bytes each) must be among
///   these.
/// - `refusedFlags`: the PCK certificate must say that the platform has none of these; default
///   none.
/// - `reportData`: when present, the 64 bytes that the quote must carry.
///
/// Spec: docs/spec/policy.md
public record AttestationPolicy(
    TcbPolicy tcb,
    Set<Relaxation> relaxations,
    Workload workload,
    Optional<Set<Bytes>> platforms,
    Set<PlatformFlag> refusedFlags,
    Optional<Bytes> reportData) {
  /// Limit for the JSON form in bytes.
  public static final int MAX_SIZE = 256 * 1024;

  public AttestationPolicy {
    EnumSet<Relaxation> allowed = EnumSet.noneOf(Relaxation.class);
    allowed.addAll(relaxations);
    relaxations = Collections.unmodifiableSet(allowed);
    platforms = platforms.map(ids -> Collections.unmodifiableSet(new TreeSet<>(ids)));
    EnumSet<PlatformFlag> refused = EnumSet.noneOf(PlatformFlag.class);
    refused.addAll(refusedFlags);
    refusedFlags = Collections.unmodifiableSet(refused);
  }

  /// Up to date, no doubtful property, any software, any platform, any report data.
  public static AttestationPolicy defaults() {
    return new AttestationPolicy(
        TcbPolicy.defaults(),
        Set.of(),
        Workload.any(),
        Optional.empty(),
        Set.of(),
        Optional.empty());
  }

  /// Parses the JSON form; what it leaves out has its default.
  ///
  /// @throws MalformedException when it is larger than [#MAX_SIZE], no strict JSON, or a member is
  ///   unknown or not of its form
  public static AttestationPolicy parse(Bytes json) throws MalformedException {
    return PolicyReader.parse(json);
  }

  /// The JSON form: only what differs from the defaults, in a fixed order. Parses to an equal
  /// value.
  public Bytes toJson() {
    return PolicyWriter.write(this);
  }

  public AttestationPolicy withTcb(TcbPolicy value) {
    return new AttestationPolicy(value, relaxations, workload, platforms, refusedFlags, reportData);
  }

  public AttestationPolicy withAcceptedStatuses(Set<TcbStatus> statuses) {
    return withTcb(tcb.withAcceptedStatuses(statuses));
  }

  public AttestationPolicy withGraceUntil(Instant until) {
    return withTcb(tcb.withGraceUntil(until));
  }

  public AttestationPolicy withAcceptedAdvisoryIds(Set<String> ids) {
    return withTcb(tcb.withAcceptedAdvisoryIds(Optional.of(ids)));
  }

  /// Lets an accepted status carry any advisory that is not denied.
  public AttestationPolicy withAnyAdvisory() {
    return withTcb(tcb.withAcceptedAdvisoryIds(Optional.empty()));
  }

  public AttestationPolicy withDeniedAdvisoryIds(Set<String> ids) {
    return withTcb(tcb.withDeniedAdvisoryIds(ids));
  }

  public AttestationPolicy withMinEvaluationNumber(int number) {
    return withTcb(tcb.withMinEvaluationNumber(number));
  }

  public AttestationPolicy withMinTcbDate(Instant date) {
    return withTcb(tcb.withMinTcbDate(date));
  }

  public AttestationPolicy withCollateralGraceUntil(Instant until) {
    return withTcb(tcb.withCollateralGraceUntil(until));
  }

  /// Allows exactly `allowed`.
  public AttestationPolicy withRelaxations(Set<Relaxation> allowed) {
    return new AttestationPolicy(tcb, allowed, workload, platforms, refusedFlags, reportData);
  }

  public AttestationPolicy withWorkload(Workload value) {
    return new AttestationPolicy(tcb, relaxations, value, platforms, refusedFlags, reportData);
  }

  public AttestationPolicy withMeasurements(List<Measurement> accepted) {
    return withWorkload(
        new Workload(Optional.of(accepted), workload.registers(), workload.enclaves()));
  }

  public AttestationPolicy withRegisters(Map<Register, Set<Bytes>> accepted) {
    return withWorkload(new Workload(workload.measurements(), accepted, workload.enclaves()));
  }

  public AttestationPolicy withEnclaves(List<EnclaveMeasurement> accepted) {
    return withWorkload(
        new Workload(workload.measurements(), workload.registers(), Optional.of(accepted)));
  }

  public AttestationPolicy withPlatforms(Set<Bytes> accepted) {
    return new AttestationPolicy(
        tcb, relaxations, workload, Optional.of(accepted), refusedFlags, reportData);
  }

  public AttestationPolicy withRefusedFlags(Set<PlatformFlag> refused) {
    return new AttestationPolicy(tcb, relaxations, workload, platforms, refused, reportData);
  }

  public AttestationPolicy withReportData(Bytes expected) {
    return new AttestationPolicy(
        tcb, relaxations, workload, platforms, refusedFlags, Optional.of(expected));
  }
}
