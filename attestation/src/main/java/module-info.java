/// DCAP quote verification: a pure function of (quote, collateral, policy, instant).
@org.jspecify.annotations.NullMarked
module dev.holdfast.attestation {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;

  exports dev.holdfast.attestation;
  exports dev.holdfast.attestation.eventlog;
  exports dev.holdfast.attestation.forecast;
  exports dev.holdfast.attestation.policy;
  exports dev.holdfast.attestation.quote;
  exports dev.holdfast.attestation.tcb;
}
