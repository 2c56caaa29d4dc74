package dev.holdfast.attestation;

import dev.holdfast.attestation.quote.EnclaveReport;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.attestation.tcb.TcbAppraisal;
import dev.holdfast.codec.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Applies a policy to what a quote proves; the first violation counts.
///
/// Spec: docs/spec/attestation.md#policy
final class PolicyCheck {
  private final AttestationPolicy policy;
  private final Claims claims;
  private final TcbAppraisal tcb;

  private PolicyCheck(AttestationPolicy policy, Claims claims, TcbAppraisal tcb) {
    this.policy = policy;
    this.claims = claims;
    this.tcb = tcb;
  }

  static Optional<Finding> firstViolation(
      AttestationPolicy policy, Claims claims, TcbAppraisal tcb) {
    PolicyCheck check = new PolicyCheck(policy, claims, tcb);
    List<Supplier<Optional<Finding>>> checks =
        List.of(
            check::doubtfulProperties,
            check::status,
            check::evaluationNumber,
            check::advisories,
            check::remainingAttributes,
            check::platform,
            check::measurement,
            check::reportData);
    return checks.stream().flatMap(next -> next.get().stream()).findFirst();
  }

  private Optional<Finding> doubtfulProperties() {
    return switch (claims.report()) {
      case TdReport td -> TdProperties.firstDoubtful(td, policy.relaxations());
      case EnclaveReport enclave ->
          enclave.debug() && !policy.relaxations().contains(Relaxation.DEBUG)
              ? violation(Reason.DEBUG_ENABLED, "ATTRIBUTES has the DEBUG bit")
              : Optional.empty();
    };
  }

  private Optional<Finding> status() {
    boolean accepted =
        !tcb.status().terminal() && policy.tcb().acceptedStatuses().contains(tcb.status());
    if (accepted) {
      return Optional.empty();
    }
    String lacking = tcb.shortfall().isEmpty() ? "" : ": " + String.join("; ", tcb.shortfall());
    return violation(Reason.of(tcb.status()), "TCB status is " + tcb.status().code() + lacking);
  }

  private Optional<Finding> evaluationNumber() {
    int min = policy.tcb().minEvaluationNumber();
    return tcb.evaluationNumber() >= min
        ? Optional.empty()
        : violation(
            Reason.TCB_EVALUATION_NUMBER_TOO_LOW,
            "TCB evaluation number is %d, needs %d".formatted(tcb.evaluationNumber(), min));
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

  private Optional<Finding> measurement() {
    return policy.measurements().flatMap(this::measurementOf);
  }

  private Optional<Finding> measurementOf(List<Measurement> accepted) {
    if (!(claims.report() instanceof TdReport td)) {
      return violation(Reason.MEASUREMENT_MISMATCH, "expected a TDX VM, found an SGX enclave");
    }
    if (accepted.stream().anyMatch(candidate -> candidate.matches(td))) {
      return Optional.empty();
    }
    // Of several, the one with the same MRTD says most about what is different.
    return accepted.stream()
        .filter(candidate -> candidate.mrTd().equals(td.mrTd()))
        .findFirst()
        .or(() -> accepted.stream().findFirst())
        .flatMap(candidate -> candidate.firstDifference(td))
        .map(PolicyCheck::describe)
        .or(() -> Optional.of("no measurement is accepted"))
        .flatMap(detail -> violation(Reason.MEASUREMENT_MISMATCH, detail));
  }

  private static String describe(Measurement.Difference difference) {
    return "%s is %s, expected %s"
        .formatted(
            difference.register(), difference.found().toHex(), difference.expected().toHex());
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
