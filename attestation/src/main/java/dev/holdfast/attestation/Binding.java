package dev.holdfast.attestation;

import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.attestation.tcb.QeIdentity;
import dev.holdfast.attestation.tcb.TcbInfo;
import dev.holdfast.attestation.x509.SgxExtension;
import dev.holdfast.codec.Bytes;
import java.util.Optional;

/// Judges whether collateral is about the platform and the quoting enclave of a quote.
///
/// Spec: docs/spec/attestation.md#binding
final class Binding {
  private Binding() {}

  static void require(
      Quote quote, EvidenceVerifier.Evidence evidence, CollateralVerifier.Verified collateral)
      throws Refusal {
    Tee tee = quote.report().tee();
    TcbInfo info = collateral.tcbInfo().document();
    if (info.tee() != tee) {
      throw mismatch(Reason.TEE_TYPE_MISMATCH, "TCB info", info.tee(), tee);
    }
    QeIdentity qeIdentity = collateral.qeIdentity().document();
    requireQe(tee, qeIdentity.id());
    SgxExtension.Identity platform = evidence.pck().identity();
    requireEqual(Reason.FMSPC_MISMATCH, "FMSPC", info.kind().fmspc(), platform.fmspc());
    requireEqual(Reason.PCEID_MISMATCH, "PCEID", info.kind().pceId(), platform.pceId());
    Optional<String> difference = qeIdentity.firstDifference(quote.signatureData().qe().report());
    if (difference.isPresent()) {
      throw Refusal.valid(Reason.QE_IDENTITY_MISMATCH, "quoting enclave: " + difference.get());
    }
  }

  private static void requireQe(Tee tee, QeIdentity.Id id) throws Refusal {
    switch (id) {
      case QE, TD_QE -> {
        Tee of = id == QeIdentity.Id.QE ? Tee.SGX : Tee.TDX;
        if (of != tee) {
          throw mismatch(Reason.TEE_TYPE_MISMATCH, "QE identity", of, tee);
        }
      }
      case QVE, QAE ->
          throw Refusal.valid(
              Reason.QE_IDENTITY_MISMATCH,
              "expected the identity of a quoting enclave, found that of " + id);
    }
  }

  private static void requireEqual(Reason reason, String name, Bytes found, Bytes expected)
      throws Refusal {
    if (!found.equals(expected)) {
      throw Refusal.valid(
          reason,
          "TCB info is for %s %s, the PCK certificate has %s".formatted(name, found, expected));
    }
  }

  private static Refusal mismatch(Reason reason, String document, Tee found, Tee expected) {
    return Refusal.valid(
        reason, "%s is for %s, the quote is of %s".formatted(document, found, expected));
  }
}
