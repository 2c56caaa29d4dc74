package dev.holdfast.attestation;

/// What is known about the authenticity of the quote and of the collateral that came with it: every
/// signature, hash binding and chain, the roles of the signers, and the root.
public enum Signatures {
  VALID("valid"),
  /// Something is not authentic, or its authenticity cannot be established.
  INVALID("invalid"),
  NOT_CHECKED("not-checked");

  private final String code;

  Signatures(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}
