package dev.holdfast.node.work;

import dev.holdfast.attestation.Appraisal;
import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.protocol.Challenges;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.ReleasePolicy;
import java.time.Instant;

/// What every part of the workshop works with. `own` is what this VM runs, as it knows itself.
record Tools(
    Crypto crypto,
    AttestationVerifier verifier,
    Posture posture,
    Bytes postureDigest,
    Measurement own,
    CollateralShelf shelf,
    StatementShelf statements,
    EnvelopeKeys envelopeKeys,
    Challenges challenges,
    EvaluationNumbers evaluationNumbers) {

  /// What a quote of this very image satisfies, registers as the posture pins them.
  ReleasePolicy ownImage() {
    return ReleasePolicy.ofImage(own, posture);
  }

  /// An image that may have the share of a deposit back.
  AttestationPolicy forRelease(ReleasePolicy policy, Bytes reportData, Instant now) {
    return policy.policy(statements.forRelease(policy, now), reportData);
  }

  /// An image that may make or hold a deposit under `policy`.
  AttestationPolicy forDeposit(ReleasePolicy policy, Bytes reportData, Instant now) {
    return policy.policy(statements.forDeposit(policy, now), reportData);
  }

  /// An image whose keys are good under `policy`.
  AttestationPolicy forOrigin(ReleasePolicy policy, Bytes reportData) {
    return policy.policy(statements.forOrigin(policy), reportData);
  }

  /// What a peer shows now. It chose the collateral: what this node knows to be revoked, is.
  PresentEvidence appraise(Bytes quote, Collateral collateral, Instant now) {
    return new PresentEvidence(
        verifier.appraise(quote, collateral, shelf.own(), now), evaluationNumbers);
  }

  /// What was shown at `at`, with the collateral of that time, or by this node itself.
  Appraisal appraiseAlone(Bytes quote, Collateral collateral, Instant at) {
    return verifier.appraise(quote, collateral, at);
  }

  /// A rejection in the form in which it goes to people and peers.
  static String describe(Verdict.Rejected rejected) {
    return rejected.detail().isEmpty()
        ? rejected.reason().code()
        : rejected.reason().code() + ": " + rejected.detail();
  }
}
