package dev.holdfast.attestation.x509;

/// A certificate chain that must not be trusted; the message says why.
public final class ChainException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Defect defect;

  ChainException(Defect defect, String message) {
    super(message, null, false, false);
    this.defect = defect;
  }

  public Defect defect() {
    return defect;
  }

  /// What is wrong with a chain.
  public enum Defect {
    /// It cannot be parsed, does not hang together, or a certificate breaks its profile.
    INVALID,
    /// It holds together but ends in another root.
    UNTRUSTED_ROOT,
    /// It hangs together but a certificate in it is for another purpose.
    ROLE
  }
}
