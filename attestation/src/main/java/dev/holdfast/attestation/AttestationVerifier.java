package dev.holdfast.attestation;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.QuoteException;
import dev.holdfast.attestation.tcb.ModuleMismatchException;
import dev.holdfast.attestation.tcb.PlatformTcb;
import dev.holdfast.attestation.tcb.TcbAppraisal;
import dev.holdfast.attestation.tcb.TcbEvaluation;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers;
import dev.holdfast.attestation.x509.ChainVerifier;
import dev.holdfast.attestation.x509.P256;
import dev.holdfast.attestation.x509.SgxExtension;
import dev.holdfast.codec.Bytes;
import java.security.Provider;
import java.time.Instant;
import java.util.Optional;

/// Verifies quotes against one trust anchor. Thread-safe; remembers verified chains and collateral
/// by the hash of their exact bytes, and judges time, revocation and policy anew on every call.
///
/// No network, no clock, no files: the result depends on the arguments only.
///
/// Spec: docs/spec/attestation.md
public final class AttestationVerifier {
  /// Limit for a quote, including what follows its structure.
  public static final int QUOTE_MAX_SIZE = 16 * 1024;

  private final TrustAnchor anchor;
  private final P256 p256;
  private final EvidenceVerifier evidenceVerifier;
  private final CollateralVerifier collateralVerifier;

  private AttestationVerifier(TrustAnchor anchor, Optional<Provider> provider) {
    this.anchor = anchor;
    p256 = P256.of(provider);
    ChainVerifier chainVerifier = new ChainVerifier(anchor.certificate(), p256);
    evidenceVerifier = new EvidenceVerifier(chainVerifier, p256);
    collateralVerifier = new CollateralVerifier(chainVerifier, p256);
  }

  /// A verifier that uses the platform's own ECDSA: with the JDK's, which is about eight times
  /// slower than a native one, a verification takes correspondingly longer.
  public static AttestationVerifier of(TrustAnchor anchor) {
    return new AttestationVerifier(anchor, Optional.empty());
  }

  /// A verifier that uses the ECDSA of `provider`: its `Signature` `SHA256withECDSA`, which must
  /// take keys of others in X.509 form, as those of the JDK, Conscrypt and Bouncy Castle do.
  public static AttestationVerifier of(TrustAnchor anchor, Provider provider) {
    return new AttestationVerifier(anchor, Optional.of(provider));
  }

  public TrustAnchor anchor() {
    return anchor;
  }

  /// Name of the [Provider] that verifies signatures, such as `SunEC` or `Conscrypt`.
  public String signatureProvider() {
    return p256.providerName();
  }

  /// Verifies `quote` with `collateral` as of `at`. Bad input is a finding, never an exception.
  public Appraisal appraise(Bytes quote, Collateral collateral, Instant at) {
    return appraise(quote, collateral, Optional.empty(), at);
  }

  /// The same, where whoever presents the quote chose `collateral`: what the CRLs of `known` revoke
  /// is revoked, too, so that nobody gets past a revocation with a CRL from before it. Of `known`
  /// nothing else counts, and nothing at all when it is not authentic.
  public Appraisal appraise(
      Bytes quote, Collateral collateral, Optional<Collateral> known, Instant at) {
    try {
      Quote parsed = parse(quote);
      EvidenceVerifier.Evidence evidence = evidenceVerifier.verify(parsed, collateral);
      CollateralVerifier.Verified verified = collateralVerifier.verify(collateral);
      Revocation.require(evidence, verified);
      if (known.isPresent()) {
        Optional<CollateralVerifier.Verified> other = collateralVerifier.find(known.get());
        if (other.isPresent()) {
          Revocation.requireUnlisted(evidence, verified, other.get());
        }
      }
      return judge(parsed, evidence, verified, at);
    } catch (Refusal e) {
      return Appraisal.refused(e.finding());
    }
  }

  /// [#appraise] and [Appraisal#judge] in one.
  public Verdict verify(Bytes quote, Collateral collateral, AttestationPolicy policy, Instant at) {
    return appraise(quote, collateral, at).judge(policy);
  }

  /// Whether `collateral` is complete and the vendor's own: chains, signatures, roles and form, two
  /// documents for one technology. Says nothing about dates, or which quotes it fits.
  public CollateralExamination examine(Collateral collateral) {
    try {
      return CollateralExamination.Facts.of(collateralVerifier.verify(collateral));
    } catch (Refusal e) {
      return new CollateralExamination.Fault(e.finding().reason(), e.finding().detail());
    }
  }

  /// The vendor's list of TCB recoveries, when it is authentic, in date at `at`, and its signer is
  /// not revoked by the root CRL of `collateral`; else empty. It decides nothing: quotes are judged
  /// by TCB info.
  ///
  /// @param document the inner object exactly as signed; `signature` in hexadecimal; `issuerChain`
  ///   in PEM, signer first
  public Optional<TcbEvaluationNumbers> evaluationNumbers(
      String document, String signature, String issuerChain, Collateral collateral, Instant at) {
    try {
      CollateralVerifier.Signed<TcbEvaluationNumbers> numbers =
          collateralVerifier.verifyNumbers(document, signature, issuerChain);
      Revocation.requireUnlisted(numbers.chain(), collateralVerifier.verify(collateral).rootCrl());
      return new Validity(at).judge(numbers).isPresent()
          ? Optional.empty()
          : Optional.of(numbers.document());
    } catch (Refusal e) {
      return Optional.empty();
    }
  }

  private static Quote parse(Bytes quote) throws Refusal {
    if (quote.size() > QUOTE_MAX_SIZE) {
      throw Refusal.invalid(
          Reason.MALFORMED_QUOTE,
          "expected at most %d bytes, found %d".formatted(QUOTE_MAX_SIZE, quote.size()));
    }
    try {
      return Quote.parse(quote);
    } catch (QuoteException e) {
      throw Refusal.invalid(reason(e.defect()), String.valueOf(e.getMessage()));
    }
  }

  private static Reason reason(QuoteException.Defect defect) {
    return switch (defect) {
      case MALFORMED -> Reason.MALFORMED_QUOTE;
      case UNSUPPORTED_VERSION -> Reason.UNSUPPORTED_VERSION;
      case UNSUPPORTED_ATTESTATION_KEY_TYPE -> Reason.UNSUPPORTED_ATTESTATION_KEY_TYPE;
      case UNSUPPORTED_TEE_TYPE -> Reason.UNSUPPORTED_TEE_TYPE;
      case UNKNOWN_QE_VENDOR -> Reason.UNKNOWN_QE_VENDOR;
      case UNSUPPORTED_CERTIFICATION_DATA -> Reason.UNSUPPORTED_CERTIFICATION_DATA;
    };
  }

  /// What is left once everything is known to be authentic and not revoked. Dates that do not hold
  /// come before any mismatch.
  private static Appraisal judge(
      Quote quote,
      EvidenceVerifier.Evidence evidence,
      CollateralVerifier.Verified collateral,
      Instant at) {
    Optional<Validity.OutOfDate> outOfDate = new Validity(at).judge(evidence, collateral);
    try {
      Binding.require(quote, evidence, collateral);
      TcbAppraisal tcb = evaluate(quote, evidence.pck(), collateral);
      Platform platform = Platform.of(evidence.pck());
      Claims claims = new Claims(quote.version(), quote.report(), platform, tcb.status());
      return Appraisal.of(claims, tcb, outOfDate, at);
    } catch (Refusal e) {
      return Appraisal.refused(outOfDate.map(Validity.OutOfDate::finding).orElse(e.finding()));
    }
  }

  private static TcbAppraisal evaluate(
      Quote quote, SgxExtension pck, CollateralVerifier.Verified collateral) throws Refusal {
    PlatformTcb platform =
        new PlatformTcb(
            pck.tcb().components(),
            pck.tcb().pceSvn(),
            quote.signatureData().qe().report().isvSvn());
    try {
      return TcbEvaluation.evaluate(
          collateral.tcbInfo().document(),
          collateral.qeIdentity().document(),
          platform,
          quote.report());
    } catch (ModuleMismatchException e) {
      throw Refusal.valid(Reason.TDX_MODULE_MISMATCH, String.valueOf(e.getMessage()));
    }
  }
}
