package dev.holdfast.attestation;

import dev.holdfast.attestation.UnverifiedQuote.PckCa;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.attestation.tcb.Issue;
import dev.holdfast.attestation.tcb.QeIdentity;
import dev.holdfast.attestation.tcb.TcbInfo;
import dev.holdfast.attestation.x509.Certificate;
import dev.holdfast.attestation.x509.CertificateList;
import dev.holdfast.codec.Bytes;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is known of collateral by itself, without a quote.
///
/// Spec: docs/spec/attestation.md#examination
public sealed interface CollateralExamination {
  /// It is not complete, or not the vendor's own.
  record Fault(Reason reason, String detail) implements CollateralExamination {}

  /// What authentic collateral says about itself. Not judged here: dates, quotes.
  ///
  /// - `fmspc`: 6 bytes; `pceId`: 2. The kind of platform that TCB info is about.
  /// - `pckCa`: the CA whose PCK CRL it holds.
  /// - `validFrom`, `validUntil`: the interval, both ends included, in which every document and
  ///   every certificate of the three issuer chains holds; empty when `validFrom` is the later one.
  /// - `issuerRevoked`: its own root CRL revokes one of its issuers. Every quote is refused with
  ///   it, and what that issuer signed must not count as known: its key may be anybody's.
  record Facts(
      Tee tee,
      Bytes fmspc,
      Bytes pceId,
      PckCa pckCa,
      Issue tcbInfo,
      Issue qeIdentity,
      Update rootCrl,
      Update pckCrl,
      Instant validFrom,
      Instant validUntil,
      boolean issuerRevoked)
      implements CollateralExamination {

    public boolean isValidAt(Instant at) {
      return !at.isBefore(validFrom) && !at.isAfter(validUntil);
    }

    static CollateralExamination of(CollateralVerifier.Verified verified) {
      TcbInfo info = verified.tcbInfo().document();
      QeIdentity.Id needed = info.tee() == Tee.TDX ? QeIdentity.Id.TD_QE : QeIdentity.Id.QE;
      QeIdentity.Id id = verified.qeIdentity().document().id();
      if (id != needed) {
        return new Fault(
            Reason.QE_IDENTITY_MISMATCH,
            "TCB info is for %s, the identity is that of %s".formatted(info.tee(), id));
      }
      String ca = verified.pckCa().signer().commonName();
      Optional<PckCa> pckCa = PckCa.named(ca);
      if (pckCa.isEmpty()) {
        return new Fault(
            Reason.SIGNER_ROLE_INVALID,
            "the PCK CRL is of \"%s\", which issues no PCK certificates".formatted(ca));
      }
      return of(verified, pckCa.get());
    }

    private static Facts of(CollateralVerifier.Verified verified, PckCa pckCa) {
      TcbInfo info = verified.tcbInfo().document();
      Issue identity = verified.qeIdentity().document().issue();
      Update rootCrl = Update.of(verified.rootCrl());
      Update pckCrl = Update.of(verified.pckCrl());
      List<Certificate> certificates =
          verified.issuerChains().stream().flatMap(chain -> chain.certificates().stream()).toList();
      Stream<Instant> starts =
          Stream.of(
              info.issue().issueDate(),
              identity.issueDate(),
              rootCrl.thisUpdate(),
              pckCrl.thisUpdate());
      Stream<Instant> ends =
          Stream.of(
              info.issue().nextUpdate(),
              identity.nextUpdate(),
              rootCrl.nextUpdate(),
              pckCrl.nextUpdate());
      return new Facts(
          info.tee(),
          info.kind().fmspc(),
          info.kind().pceId(),
          pckCa,
          info.issue(),
          identity,
          rootCrl,
          pckCrl,
          Stream.concat(starts, certificates.stream().map(Certificate::notBefore))
              .max(Comparator.naturalOrder())
              .orElseThrow(),
          Stream.concat(ends, certificates.stream().map(Certificate::notAfter))
              .min(Comparator.naturalOrder())
              .orElseThrow(),
          Revocation.revokesIssuer(verified));
    }
  }

  /// The dates of a CRL.
  record Update(Instant thisUpdate, Instant nextUpdate) {
    static Update of(CertificateList crl) {
      return new Update(crl.thisUpdate(), crl.nextUpdate());
    }
  }
}
