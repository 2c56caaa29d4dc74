package dev.holdfast.attestation;

import dev.holdfast.attestation.tcb.TcbAppraisal;
import java.util.Optional;

/// What a policy says about a quote. Verified claims can be reached only through [Accepted].
public sealed interface Verdict {
  /// Authentic, in date, not revoked, and within the policy.
  record Accepted(Claims claims, TcbAppraisal tcb) implements Verdict {}

  /// Not acceptable. `detail` names what was expected and what was found and holds no unescaped
  /// text of the input; `tcb` is there whenever it could be computed.
  record Rejected(Reason reason, String detail, Signatures signatures, Optional<TcbAppraisal> tcb)
      implements Verdict {}
}
