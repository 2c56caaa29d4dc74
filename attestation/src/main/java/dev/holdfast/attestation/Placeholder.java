package dev.holdfast.attestation;

final class Placeholder {
  private Placeholder() {}
}
