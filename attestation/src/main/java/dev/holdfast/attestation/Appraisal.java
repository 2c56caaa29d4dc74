package dev.holdfast.attestation;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.tcb.TcbAppraisal;
import java.time.Instant;
import java.util.Optional;

/// What verification found about one quote at one instant, before any policy. Opaque: what was
/// found can be had only by judging it. Immutable.
public final class Appraisal {
  private final Outcome outcome;

  private Appraisal(Outcome outcome) {
    this.outcome = outcome;
  }

  static Appraisal refused(Finding finding) {
    return new Appraisal(new Refused(finding));
  }

  /// Authentic and complete; `outOfDate` is there when dates do not hold at `at`.
  static Appraisal of(
      Claims claims, TcbAppraisal tcb, Optional<Validity.OutOfDate> outOfDate, Instant at) {
    return new Appraisal(new Judgeable(claims, tcb, outOfDate, at));
  }

  private sealed interface Outcome {}

  private record Refused(Finding finding) implements Outcome {}

  private record Judgeable(
      Claims claims, TcbAppraisal tcb, Optional<Validity.OutOfDate> outOfDate, Instant at)
      implements Outcome {}

  /// Applies `policy`. Cheap: no cryptography.
  public Verdict judge(AttestationPolicy policy) {
    return switch (outcome) {
      case Refused refused -> rejected(refused.finding(), Optional.empty());
      case Judgeable judgeable -> judge(judgeable, policy);
    };
  }

  /// What is known about the TCB when dates are left out of account.
  Optional<TcbAppraisal> tcbIgnoringDates() {
    return switch (outcome) {
      case Refused refused -> Optional.empty();
      case Judgeable judgeable -> Optional.of(judgeable.tcb());
    };
  }

  private static Verdict judge(Judgeable judgeable, AttestationPolicy policy) {
    Optional<Validity.OutOfDate> outOfDate =
        judgeable.outOfDate().filter(found -> !excused(found, policy, judgeable.at()));
    if (outOfDate.isPresent()) {
      return rejected(outOfDate.get().finding(), Optional.empty());
    }
    Optional<Finding> violation =
        PolicyCheck.firstViolation(policy, judgeable.claims(), judgeable.tcb(), judgeable.at());
    if (violation.isPresent()) {
      return rejected(violation.get(), Optional.of(judgeable.tcb()));
    }
    return new Verdict.Accepted(judgeable.claims(), judgeable.tcb());
  }

  private static boolean excused(Validity.OutOfDate found, AttestationPolicy policy, Instant at) {
    return found.finding().reason() == Reason.COLLATERAL_EXPIRED
        && policy.tcb().excuses(found.end(), at);
  }

  private static Verdict rejected(Finding finding, Optional<TcbAppraisal> tcb) {
    return new Verdict.Rejected(finding.reason(), finding.detail(), finding.signatures(), tcb);
  }
}
