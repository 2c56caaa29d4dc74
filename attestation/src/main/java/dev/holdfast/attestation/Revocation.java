package dev.holdfast.attestation;

import dev.holdfast.attestation.x509.Certificate;
import dev.holdfast.attestation.x509.CertificateList;
import dev.holdfast.attestation.x509.Chain;
import java.util.ArrayList;
import java.util.List;

/// Judges revocation: the PCK CRL must be that of the leaf's issuer, and no certificate may be
/// listed.
///
/// Spec: docs/spec/attestation.md#crls
final class Revocation {
  private Revocation() {}

  static void require(EvidenceVerifier.Evidence evidence, CollateralVerifier.Verified collateral)
      throws Refusal {
    Certificate issuer = evidence.pckChain().issuer();
    Certificate crlIssuer = collateral.pckCa().signer();
    if (!sameIssuer(issuer, crlIssuer)) {
      throw Refusal.valid(
          Reason.CRL_ISSUER_MISMATCH,
          "the PCK CRL is of \"%s\", the PCK certificate of \"%s\""
              .formatted(crlIssuer.commonName(), issuer.commonName()));
    }
    requireUnlisted(evidence, collateral, collateral);
  }

  /// No certificate that the verdict rests on may be in the CRLs of `source`.
  static void requireUnlisted(
      EvidenceVerifier.Evidence evidence,
      CollateralVerifier.Verified collateral,
      CollateralVerifier.Verified source)
      throws Refusal {
    for (Chain chain : chains(evidence, collateral)) {
      requireUnlisted(chain, source.rootCrl());
    }
    if (sameIssuer(evidence.pckChain().issuer(), source.pckCa().signer())) {
      requireUnlisted(evidence.pckChain().signer(), source.pckCrl());
    }
  }

  /// Whether the root CRL of `collateral` lists one of its issuers.
  static boolean revokesIssuer(CollateralVerifier.Verified collateral) {
    return collateral.issuerChains().stream()
        .flatMap(chain -> chain.certificates().stream())
        .anyMatch(collateral.rootCrl()::revokes);
  }

  /// CAs are issued again under one name and key.
  private static boolean sameIssuer(Certificate one, Certificate other) {
    return one.subject().equals(other.subject()) && one.publicKey().equals(other.publicKey());
  }

  /// All chains that a verdict rests on.
  static List<Chain> chains(
      EvidenceVerifier.Evidence evidence, CollateralVerifier.Verified collateral) {
    List<Chain> chains = new ArrayList<>(4);
    chains.add(evidence.pckChain());
    chains.addAll(collateral.issuerChains());
    return chains;
  }

  /// The root CRL lists what the root issued: the two last ones of a chain, the root included.
  static void requireUnlisted(Chain chain, CertificateList rootCrl) throws Refusal {
    List<Certificate> certificates = chain.certificates();
    for (Certificate certificate :
        certificates.subList(certificates.size() - 2, certificates.size())) {
      requireUnlisted(certificate, rootCrl);
    }
  }

  private static void requireUnlisted(Certificate certificate, CertificateList crl) throws Refusal {
    if (crl.revokes(certificate)) {
      throw Refusal.valid(
          Reason.CERTIFICATE_REVOKED,
          "\"%s\" with serial number %s is revoked"
              .formatted(certificate.commonName(), certificate.serial()));
    }
  }
}
