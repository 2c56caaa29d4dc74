package dev.holdfast.attestation;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.policy.EnclaveMeasurement;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.attestation.policy.Register;
import dev.holdfast.attestation.policy.Relaxation;
import dev.holdfast.attestation.policy.Workload;
import dev.holdfast.attestation.quote.EnclaveReport;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.attestation.tcb.Shortfall;
import dev.holdfast.attestation.tcb.TcbAppraisal;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Applies a policy to what a quote proves; the first violation counts.
///
/// Spec: docs/spec/attestation.md#policy
final class PolicyCheck {
  private final AttestationPolicy policy;
  private final Claims claims;
  private final TcbAppraisal tcb;
  private final Instant at;

  private PolicyCheck(AttestationPolicy policy, Claims claims, TcbAppraisal tcb, Instant at) {
    this.policy = policy;
    this.claims = claims;
    this.tcb = tcb;
    this.at = at;
  }

  static Optional<Finding> firstViolation(
      AttestationPolicy policy, Claims claims, TcbAppraisal tcb, Instant at) {
    PolicyCheck check = new PolicyCheck(policy, claims, tcb, at);
    List<Supplier<Optional<Finding>>> checks =
        List.of(
            check::doubtfulProperties,
            check::status,
            check::currentStatus,
            check::evaluationNumber,
            check::tcbDate,
            check::advisories,
            check::remainingAttributes,
            check::platform,
            check::platformFlags,
            check::workload,
            check::reportData);
    return checks.stream().flatMap(next -> next.get().stream()).findFirst();
  }

  private Optional<Finding> doubtfulProperties() {
    return switch (claims.report()) {
      case TdReport td ->
          TdProperties.firstDoubtful(
              td,
              policy.relaxations(),
              policy.workload().registers().getOrDefault(Register.MRSERVICETD, Set.of()));
      case EnclaveReport enclave ->
          enclave.debug() && !policy.relaxations().contains(Relaxation.DEBUG)
              ? violation(Reason.DEBUG_ENABLED, "ATTRIBUTES has the DEBUG bit")
              : Optional.empty();
    };
  }

  private Optional<Finding> status() {
    TcbStatus status = tcb.status();
    if (policy.tcb().accepts(status, at)) {
      return Optional.empty();
    }
    Reason reason = Reason.of(status);
    String found = "TCB status is " + status.code() + graceEnded(status);
    if (tcb.shortfall().isEmpty()) {
      return violation(reason, found);
    }
    // Where SVNs alone are the matter, what is short says what to do; settings need more.
    String detail = found + ": " + Shortfall.sentence(tcb.shortfall());
    return switch (status) {
      case CONFIGURATION_NEEDED,
          CONFIGURATION_AND_SW_HARDENING_NEEDED,
          OUT_OF_DATE_CONFIGURATION_NEEDED,
          SW_HARDENING_NEEDED,
          REVOKED ->
          violation(reason, detail);
      case UP_TO_DATE,
          OUT_OF_DATE,
          TD_RELAUNCH_ADVISED,
          TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
          NOT_SUPPORTED ->
          Optional.of(new Finding(reason, detail, Signatures.VALID));
    };
  }

  /// The vendor's rule lets the status at launch stand whatever runs now, but for a relaunch that
  /// would help. Under a module that is known to be bad now, nothing is safe.
  private Optional<Finding> currentStatus() {
    return tcb.components()
        .current()
        .filter(PolicyCheck::bad)
        .filter(current -> !policy.tcb().accepts(current, at))
        .flatMap(current ->
            violation(
                Reason.of(current),
                "TCB status is %s, and %s under the TDX module that runs now"
                    .formatted(tcb.status().code(), current.code())));
  }

  private static boolean bad(TcbStatus status) {
    return switch (status) {
      case OUT_OF_DATE, OUT_OF_DATE_CONFIGURATION_NEEDED, REVOKED -> true;
      case UP_TO_DATE,
          SW_HARDENING_NEEDED,
          CONFIGURATION_NEEDED,
          CONFIGURATION_AND_SW_HARDENING_NEEDED,
          TD_RELAUNCH_ADVISED,
          TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
          NOT_SUPPORTED ->
          false;
    };
  }

  private String graceEnded(TcbStatus status) {
    return policy.tcb().acceptedStatuses().contains(status) && policy.tcb().graceEnded(at)
        ? ", accepted until " + policy.tcb().graceUntil().orElseThrow()
        : "";
  }

  private Optional<Finding> evaluationNumber() {
    int min = policy.tcb().minEvaluationNumber();
    return tcb.evaluationNumber() >= min
        ? Optional.empty()
        : violation(
            Reason.TCB_EVALUATION_NUMBER_TOO_LOW,
            "TCB evaluation number is %d, needs %d".formatted(tcb.evaluationNumber(), min));
  }

  private Optional<Finding> tcbDate() {
    return policy
        .tcb()
        .minTcbDate()
        .filter(min -> tcb.date().filter(date -> !date.isBefore(min)).isEmpty())
        .flatMap(min ->
            violation(
                Reason.TCB_DATE_TOO_OLD,
                "the TCB level is of %s, needs %s"
                    .formatted(tcb.date().map(Instant::toString).orElse("no date"), min)));
  }

  private Optional<Finding> advisories() {
    return tcb.advisoryIds().stream()
        .filter(id -> !advisoryAccepted(id))
        .findFirst()
        .flatMap(
            id -> violation(Reason.ADVISORY_NOT_ACCEPTED, "advisory " + id + " is not accepted"));
  }

  private boolean advisoryAccepted(String id) {
    if (policy.tcb().deniedAdvisoryIds().contains(id)) {
      return false;
    }
    return switch (tcb.status()) {
      case UP_TO_DATE -> true;
      case SW_HARDENING_NEEDED,
          CONFIGURATION_NEEDED,
          CONFIGURATION_AND_SW_HARDENING_NEEDED,
          OUT_OF_DATE,
          OUT_OF_DATE_CONFIGURATION_NEEDED,
          TD_RELAUNCH_ADVISED,
          TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
          REVOKED,
          NOT_SUPPORTED ->
          policy.tcb().acceptedAdvisoryIds().map(ids -> ids.contains(id)).orElse(true);
    };
  }

  private Optional<Finding> remainingAttributes() {
    return switch (claims.report()) {
      case TdReport td ->
          TdProperties.firstUnknownAttribute(td, policy.relaxations())
              .or(() -> TdProperties.xfamProblem(td));
      case EnclaveReport enclave -> Optional.empty();
    };
  }

  private Optional<Finding> platform() {
    Platform platform = claims.platform();
    return policy.platforms().isEmpty()
            || policy.platforms().get().contains(platform.ppid())
            || platform.instanceId().filter(policy.platforms().get()::contains).isPresent()
        ? Optional.empty()
        : violation(
            Reason.PLATFORM_NOT_ACCEPTED,
            "platform with PPID %s is not accepted".formatted(platform.ppid()));
  }

  /// A platform that does not say is refused as well: the certificates of the Processor CA do not.
  private Optional<Finding> platformFlags() {
    Optional<Platform.Configuration> configuration = claims.platform().configuration();
    return policy.refusedFlags().stream()
        .filter(flag -> configuration.map(known -> known.has(flag)).orElse(true))
        .findFirst()
        .flatMap(flag ->
            violation(
                Reason.PLATFORM_NOT_ACCEPTED,
                configuration.isPresent()
                    ? "the platform has " + flag
                    : "the PCK certificate does not say whether the platform has " + flag));
  }

  private Optional<Finding> workload() {
    return difference().flatMap(detail -> violation(Reason.MEASUREMENT_MISMATCH, detail));
  }

  private Optional<String> difference() {
    Workload workload = policy.workload();
    return switch (claims.report()) {
      case TdReport td when !workload.acceptsVms() ->
          Optional.of("expected an SGX enclave, found a TDX VM");
      case TdReport td ->
          workload
              .measurements()
              .flatMap(accepted -> difference(accepted, td))
              .or(() -> registerDifference(td));
      case EnclaveReport enclave when !workload.acceptsEnclaves() ->
          Optional.of("expected a TDX VM, found an SGX enclave");
      case EnclaveReport enclave ->
          workload.enclaves().flatMap(accepted -> difference(accepted, enclave));
    };
  }

  private static Optional<String> difference(List<Measurement> accepted, TdReport td) {
    if (accepted.stream().anyMatch(candidate -> candidate.matches(td))) {
      return Optional.empty();
    }
    // Of several, the one with the same MRTD says most about what is different.
    return accepted.stream()
        .filter(candidate -> candidate.mrTd().equals(td.mrTd()))
        .findFirst()
        .or(() -> accepted.stream().findFirst())
        .flatMap(candidate -> candidate.firstDifference(td))
        .or(() -> Optional.of("no measurement is accepted"));
  }

  private Optional<String> registerDifference(TdReport td) {
    return policy.workload().registers().entrySet().stream()
        .filter(entry -> !entry.getValue().contains(entry.getKey().of(td)))
        .findFirst()
        .map(entry ->
            "%s is %s, expected one of %s"
                .formatted(
                    entry.getKey(),
                    entry.getKey().of(td).toHex(),
                    entry.getValue().stream().map(Bytes::toHex).toList()));
  }

  private static Optional<String> difference(
      List<EnclaveMeasurement> accepted, EnclaveReport enclave) {
    if (accepted.stream().anyMatch(candidate -> candidate.firstDifference(enclave).isEmpty())) {
      return Optional.empty();
    }
    return accepted.stream()
        .findFirst()
        .flatMap(candidate -> candidate.firstDifference(enclave))
        .or(() -> Optional.of("no enclave is accepted"));
  }

  private Optional<Finding> reportData() {
    Bytes found = claims.reportData();
    return policy
        .reportData()
        .filter(expected -> !expected.equals(found))
        .flatMap(expected ->
            violation(
                Reason.REPORT_DATA_MISMATCH,
                "report data is %s, expected %s".formatted(found.toHex(), expected.toHex())));
  }

  private static Optional<Finding> violation(Reason reason, String detail) {
    return Optional.of(Finding.valid(reason, detail));
  }
}
