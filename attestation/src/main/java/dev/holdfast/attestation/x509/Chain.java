package dev.holdfast.attestation.x509;

import dev.holdfast.attestation.x509.ChainException.Defect;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.List;

/// A verified certificate chain, signer first, ending in the pinned root. Verified means:
/// signatures, names, profiles, roles. Neither dates nor revocation, which are judged each time.
///
/// Spec: docs/spec/attestation.md#certificates
public record Chain(List<Certificate> certificates) {
  private static final List<Role> PCK_ROLES = List.of(Role.PCK, Role.PCK_CA, Role.ROOT_CA);
  private static final List<Role> PCK_CA_ROLES = List.of(Role.PCK_CA, Role.ROOT_CA);
  private static final List<Role> TCB_SIGNER_ROLES = List.of(Role.TCB_SIGNER, Role.ROOT_CA);

  public Chain {
    certificates = List.copyOf(certificates);
  }

  /// PCK certificate, its CA, root.
  public static Chain ofPck(Bytes pem, Certificate root, P256 p256) throws ChainException {
    return verify(pem, PCK_ROLES, root, p256);
  }

  /// CA of PCK certificates, root.
  public static Chain ofPckCa(Bytes pem, Certificate root, P256 p256) throws ChainException {
    return verify(pem, PCK_CA_ROLES, root, p256);
  }

  /// Signer of TCB info and QE identity, root.
  public static Chain ofTcbSigner(Bytes pem, Certificate root, P256 p256) throws ChainException {
    return verify(pem, TCB_SIGNER_ROLES, root, p256);
  }

  /// Checks that `certificate` can be pinned as a root: self-signed, in the role of a root.
  public static void requireRoot(Certificate certificate, P256 p256) throws ChainException {
    requireIssued(certificate, certificate);
    requireRole(certificate, Role.ROOT_CA);
    requireSigned(certificate, certificate, p256);
  }

  /// The certificate that the chain is about.
  public Certificate signer() {
    return certificates.get(0);
  }

  /// The certificate that issued the signer.
  public Certificate issuer() {
    return certificates.get(1);
  }

  private static Chain verify(Bytes pem, List<Role> roles, Certificate root, P256 p256)
      throws ChainException {
    List<Certificate> chain;
    try {
      chain = Pem.certificates(pem, roles.size());
    } catch (MalformedException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
    if (chain.size() != roles.size()) {
      throw invalid("expected %d certificates, found %d".formatted(roles.size(), chain.size()));
    }
    requirePinned(chain.getLast(), root);
    for (int i = chain.size() - 2; i >= 0; i--) {
      requireIssued(chain.get(i), chain.get(i + 1));
    }
    for (int i = 0; i < chain.size(); i++) {
      requireRole(chain.get(i), roles.get(i));
    }
    for (int i = chain.size() - 2; i >= 0; i--) {
      requireSigned(chain.get(i), chain.get(i + 1), p256);
    }
    return new Chain(chain);
  }

  private static void requirePinned(Certificate last, Certificate root) throws ChainException {
    if (last.encoded().equals(root.encoded())) {
      return;
    }
    if (!last.issuer().equals(last.subject())) {
      throw invalid("the last certificate is no root");
    }
    throw new ChainException(
        Defect.UNTRUSTED_ROOT,
        "expected root %s, found %s"
            .formatted(root.encoded().sha256().toHex(), last.encoded().sha256().toHex()));
  }

  private static void requireIssued(Certificate issued, Certificate issuer) throws ChainException {
    if (!issued.issuer().equals(issuer.subject())) {
      throw invalid("\"%s\" does not follow its issuer".formatted(issued.commonName()));
    }
  }

  private static void requireRole(Certificate certificate, Role role) throws ChainException {
    if (!role.named(certificate)) {
      throw new ChainException(
          Defect.ROLE,
          "expected the role %s, found \"%s\"".formatted(role, certificate.commonName()));
    }
    if (!role.profiled(certificate)) {
      throw invalid(
          "\"%s\" has not the constraints and key usage of its role"
              .formatted(certificate.commonName()));
    }
  }

  private static void requireSigned(Certificate issued, Certificate issuer, P256 p256)
      throws ChainException {
    if (!p256.verifyWithPoint(issuer.publicKey(), issued.signed(), issued.signature())) {
      throw invalid("the signature of \"%s\" is not its issuer's".formatted(issued.commonName()));
    }
  }

  private static ChainException invalid(String message) {
    return new ChainException(Defect.INVALID, message);
  }
}
