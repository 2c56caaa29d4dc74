package dev.holdfast.node.work;

import dev.holdfast.attestation.Appraisal;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;

/// An appraisal of what a peer shows now, judged under a policy and the newest collateral known.
record PresentEvidence(Appraisal appraisal, EvaluationNumbers numbers) {
  Verdict judge(AttestationPolicy policy) {
    return numbers.judge(appraisal, policy);
  }
}
