package dev.holdfast.attestation;

import dev.holdfast.attestation.tcb.QeIdentity;
import dev.holdfast.attestation.tcb.TcbInfo;
import dev.holdfast.attestation.x509.CertificateList;
import dev.holdfast.attestation.x509.Chain;

/// Collateral whose signatures, chains and roles hold. Neither dates nor revocation.
record VerifiedCollateral(
    Signed<TcbInfo> tcbInfo,
    Signed<QeIdentity> qeIdentity,
    Chain pckCa,
    CertificateList rootCrl,
    CertificateList pckCrl) {

  /// A document and the chain of its signer.
  record Signed<T>(Chain chain, T document) {}
}
