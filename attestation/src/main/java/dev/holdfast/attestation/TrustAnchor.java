package dev.holdfast.attestation;

import dev.holdfast.attestation.x509.Certificate;
import dev.holdfast.attestation.x509.ChainException;
import dev.holdfast.attestation.x509.ChainVerifier;
import dev.holdfast.attestation.x509.P256;
import dev.holdfast.attestation.x509.Pem;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/// The root certificate that every chain must end in, pinned as a whole.
public final class TrustAnchor {
  private static final String INTEL_RESOURCE = "intel-sgx-root-ca.pem";
  private static final String INTEL_DIGEST =
      "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3";
  private static final TrustAnchor INTEL = loadIntel();

  private final Certificate certificate;

  private TrustAnchor(Certificate certificate) {
    this.certificate = certificate;
  }

  /// Intel's production root.
  public static TrustAnchor intel() {
    return INTEL;
  }

  /// A root as one PEM certificate: self-signed, a CA for CAs, ECDSA P-256, named as the vendor's.
  ///
  /// @throws MalformedException when it is anything else
  public static TrustAnchor parsePem(Bytes pem) throws MalformedException {
    Certificate certificate = Pem.certificates(pem, 1).getFirst();
    try {
      ChainVerifier.requireRoot(certificate, P256.of(Optional.empty()));
    } catch (ChainException e) {
      throw new MalformedException(
          "trust anchor", 0, "certificate", "a root", String.valueOf(e.getMessage()));
    }
    return new TrustAnchor(certificate);
  }

  /// SHA-256 of the certificate's DER.
  public Bytes digest() {
    return certificate.encoded().sha256();
  }

  /// True for Intel's production root; everything else is for development.
  public boolean isIntel() {
    return certificate.encoded().equals(INTEL.certificate.encoded());
  }

  Certificate certificate() {
    return certificate;
  }

  private static TrustAnchor loadIntel() {
    try (InputStream in = TrustAnchor.class.getResourceAsStream(INTEL_RESOURCE)) {
      InvariantError.check(in != null, "the root certificate is part of this module");
      Bytes pem = Bytes.copyOf(in.readAllBytes());
      TrustAnchor anchor = new TrustAnchor(Pem.certificates(pem, 1).getFirst());
      // The digest says more than its own signature could, and starts no provider.
      InvariantError.check(
          anchor.digest().toHex().equals(INTEL_DIGEST), "the root is the vendor's");
      return anchor;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedException e) {
      throw new InvariantError("the root certificate is well-formed", e);
    }
  }
}
