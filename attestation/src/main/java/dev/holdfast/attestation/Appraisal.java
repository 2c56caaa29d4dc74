package dev.holdfast.attestation;

import dev.holdfast.attestation.tcb.TcbAppraisal;
import java.util.Optional;

/// What verification found about one quote at one instant, before any policy. Opaque: what was
/// found can be had only by judging it.
public final class Appraisal {
  private final Reason reason;

  Appraisal(Reason reason) {
    this.reason = reason;
  }

  /// Applies `policy`. Cheap: no cryptography.
  public Verdict judge(AttestationPolicy policy) {
    Optional<TcbAppraisal> tcb = Optional.empty();
    return new Verdict.Rejected(
        reason, policy.tcb().acceptedStatuses().toString(), Signatures.NOT_CHECKED, tcb);
  }
}
