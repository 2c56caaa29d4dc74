package dev.holdfast.attestation.x509;

import dev.holdfast.attestation.x509.ChainException.Defect;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Verifies certificate chains under one pinned root. Remembers the few certificates that the root
/// issued itself, so that a new platform costs one verification here and not two. Thread-safe.
///
/// Spec: docs/spec/attestation.md#certificates
public final class ChainVerifier {
  /// Certificates remembered that the root issued: its CAs and signers.
  static final int MAX_CACHED = 64;

  private static final List<Role> PCK_ROLES = List.of(Role.PCK, Role.PCK_CA, Role.ROOT_CA);
  private static final List<Role> PCK_CA_ROLES = List.of(Role.PCK_CA, Role.ROOT_CA);
  private static final List<Role> TCB_SIGNER_ROLES = List.of(Role.TCB_SIGNER, Role.ROOT_CA);

  private final Certificate root;
  private final P256 p256;

  /// By the whole certificate.
  private final BoundedCache<Certificate> issuedByRoot = new BoundedCache<>(MAX_CACHED);

  public ChainVerifier(Certificate root, P256 p256) {
    this.root = root;
    this.p256 = p256;
  }

  /// Checks that `certificate` can be pinned as a root: self-signed, in the role of a root.
  public static void requireRoot(Certificate certificate, P256 p256) throws ChainException {
    requireIssued(certificate, certificate);
    requireRole(certificate, Role.ROOT_CA, certificate);
    requireSigned(certificate, certificate, p256);
  }

  public Certificate root() {
    return root;
  }

  /// PCK certificate, its CA, root.
  public Chain ofPck(Bytes pem) throws ChainException {
    return verify(pem, PCK_ROLES);
  }

  /// CA of PCK certificates, root.
  public Chain ofPckCa(Bytes pem) throws ChainException {
    return verify(pem, PCK_CA_ROLES);
  }

  /// Signer of TCB info and QE identity, root.
  public Chain ofTcbSigner(Bytes pem) throws ChainException {
    return verify(pem, TCB_SIGNER_ROLES);
  }

  private Chain verify(Bytes pem, List<Role> roles) throws ChainException {
    List<Certificate> chain = parse(pem, roles.size());
    requirePinned(chain.getLast());
    for (int i = chain.size() - 2; i >= 0; i--) {
      requireIssued(chain.get(i), chain.get(i + 1));
    }
    requireSignedByRoot(chain.get(chain.size() - 2));
    for (int i = chain.size() - 3; i >= 0; i--) {
      requireSigned(chain.get(i), chain.get(i + 1), p256);
    }
    // Last, so that a wrong role is one that the vendor itself gave.
    for (int i = 0; i < chain.size(); i++) {
      requireRole(chain.get(i), roles.get(i), root);
    }
    return new Chain(chain);
  }

  private List<Certificate> parse(Bytes pem, int expected) throws ChainException {
    try {
      List<Certificate> chain = new ArrayList<>();
      for (Bytes der : Pem.blocks(pem, "CERTIFICATE", expected)) {
        chain.add(parse(der));
      }
      if (chain.size() != expected) {
        throw invalid("expected %d certificates, found %d".formatted(expected, chain.size()));
      }
      return chain;
    } catch (MalformedException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private Certificate parse(Bytes der) throws MalformedException {
    if (der.equals(root.encoded())) {
      return root;
    }
    Optional<Certificate> known = issuedByRoot.find(der);
    return known.isPresent() ? known.get() : Certificate.parse(der);
  }

  /// The pinned certificate, or another one that the vendor issued for the same name and key: there
  /// are two of Intel's root. Its dates are judged like any other's.
  private void requirePinned(Certificate last) throws ChainException {
    if (last.encoded().equals(root.encoded())) {
      return;
    }
    if (!last.issuer().equals(last.subject())) {
      throw invalid("the last certificate is no root");
    }
    boolean same =
        last.subject().equals(root.subject()) && last.publicKey().equals(root.publicKey());
    if (!same) {
      throw new ChainException(
          Defect.UNTRUSTED_ROOT,
          "expected root %s, found %s"
              .formatted(root.encoded().sha256().toHex(), last.encoded().sha256().toHex()));
    }
    requireSignedByRoot(last);
  }

  private static void requireIssued(Certificate issued, Certificate issuer) throws ChainException {
    if (!issued.issuer().equals(issuer.subject())) {
      throw invalid("a certificate does not follow its issuer");
    }
  }

  private static void requireRole(Certificate certificate, Role role, Certificate root)
      throws ChainException {
    boolean named =
        role.named(certificate) && certificate.organization().equals(root.organization());
    if (!named) {
      throw new ChainException(
          Defect.ROLE,
          "expected the role %s of the root's organization, found \"%s\""
              .formatted(role, certificate.commonName()));
    }
    if (!role.profiled(certificate)) {
      throw invalid(
          "\"%s\" has not the constraints and key usage of its role"
              .formatted(certificate.commonName()));
    }
  }

  private void requireSignedByRoot(Certificate issued) throws ChainException {
    if (issuedByRoot.find(issued.encoded()).isEmpty()) {
      requireSigned(issued, root, p256);
      issuedByRoot.put(issued.encoded(), issued);
    }
  }

  private static void requireSigned(Certificate issued, Certificate issuer, P256 p256)
      throws ChainException {
    if (!p256.verify(issuer.publicKey(), issued.signed(), issued.signature())) {
      throw invalid("the signature of a certificate is not its issuer's");
    }
  }

  private static ChainException invalid(String message) {
    return new ChainException(Defect.INVALID, message);
  }
}
