package dev.holdfast.attestation.quote;

/// The technology that a quote speaks for.
public enum Tee {
  SGX(0),
  TDX(0x81);

  private final long type;

  Tee(long type) {
    this.type = type;
  }

  /// The TEE type in a quote header.
  public long type() {
    return type;
  }
}
