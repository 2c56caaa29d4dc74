package dev.holdfast.attestation;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;

/// The root certificate that every chain must end in, pinned as a whole.
public final class TrustAnchor {
  private final Bytes certificate;
  private final boolean intel;

  private TrustAnchor(Bytes certificate, boolean intel) {
    this.certificate = certificate;
    this.intel = intel;
  }

  /// Intel's production root.
  public static TrustAnchor intel() {
    return new TrustAnchor(Bytes.EMPTY, true);
  }

  /// Another root, as one PEM certificate: self-signed, a CA, ECDSA P-256.
  ///
  /// @throws MalformedException when it is anything else
  public static TrustAnchor parsePem(Bytes pem) throws MalformedException {
    return new TrustAnchor(pem, false);
  }

  /// SHA-256 of the certificate's DER.
  public Bytes digest() {
    return certificate.sha256();
  }

  /// True for Intel's production root; everything else is for development.
  public boolean isIntel() {
    return intel;
  }
}
