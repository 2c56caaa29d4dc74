package dev.holdfast.attestation.x509;

import java.util.List;

/// A verified certificate chain, signer first, ending in the pinned root. Verified means:
/// signatures, names, profiles, roles. Neither dates nor revocation, which are judged each time.
///
/// Spec: docs/spec/attestation.md#certificates
public record Chain(List<Certificate> certificates) {
  public Chain {
    certificates = List.copyOf(certificates);
  }

  /// The certificate that the chain is about.
  public Certificate signer() {
    return certificates.get(0);
  }

  /// The certificate that issued the signer.
  public Certificate issuer() {
    return certificates.get(1);
  }
}
