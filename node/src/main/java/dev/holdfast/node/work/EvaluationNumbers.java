package dev.holdfast.node.work;

import dev.holdfast.attestation.Appraisal;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.Limits;
import java.util.Map;
import java.util.TreeMap;

/// The highest TCB evaluation number that this process saw for each kind of platform (FMSPC).
/// Whoever shows evidence chooses the collateral beside it, and would choose the one from before
/// the fault of its platform was known. Thread-safe.
///
/// Spec: docs/spec/protocol.md#collateral
final class EvaluationNumbers {
  private final Map<Bytes, Integer> highest = new TreeMap<>();

  /// Judges present evidence; refuses it when it was appraised with an older number than known.
  Verdict judge(Appraisal appraisal, AttestationPolicy policy) {
    Verdict verdict = appraisal.judge(policy);
    if (!(verdict instanceof Verdict.Accepted accepted)) {
      return verdict;
    }
    // Evidence of any image at all teaches nothing: a stranger could have it.
    if (policy.workload().measurements().isPresent()) {
      learn(accepted);
    }
    int known = known(accepted.claims().platform().fmspc());
    return accepted.tcb().evaluationNumber() >= known
        ? verdict
        : appraisal.judge(policy.withMinEvaluationNumber(known));
  }

  void learn(Verdict.Accepted accepted) {
    learn(accepted.claims().platform().fmspc(), accepted.tcb().evaluationNumber());
  }

  /// Once full it learns no new kinds; it never forgets.
  synchronized void learn(Bytes kind, int number) {
    if (highest.containsKey(kind) || highest.size() < Limits.PLATFORM_KINDS) {
      highest.merge(kind, number, Math::max);
    }
  }

  /// 0 when nothing is known.
  synchronized int known(Bytes kind) {
    return highest.getOrDefault(kind, 0);
  }
}
