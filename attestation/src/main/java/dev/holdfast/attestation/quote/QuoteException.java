package dev.holdfast.attestation.quote;

import dev.holdfast.codec.MalformedException;

/// Bytes that are no quote of a supported kind; the message says where and why.
public final class QuoteException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Defect defect;

  QuoteException(Defect defect, String message) {
    super(message, null, false, false);
    this.defect = defect;
  }

  QuoteException(MalformedException cause) {
    this(Defect.MALFORMED, String.valueOf(cause.getMessage()));
  }

  public Defect defect() {
    return defect;
  }

  /// What is wrong with the structure of a quote.
  public enum Defect {
    MALFORMED,
    UNSUPPORTED_VERSION,
    UNSUPPORTED_ATTESTATION_KEY_TYPE,
    UNSUPPORTED_TEE_TYPE,
    UNKNOWN_QE_VENDOR,
    UNSUPPORTED_CERTIFICATION_DATA
  }
}
