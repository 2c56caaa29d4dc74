package dev.holdfast.attestation;

/// Ends a verification at its first finding.
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Finding finding;

  Refusal(Finding finding) {
    super(finding.detail(), null, false, false);
    this.finding = finding;
  }

  static Refusal invalid(Reason reason, String detail) {
    return new Refusal(Finding.invalid(reason, detail));
  }

  static Refusal valid(Reason reason, String detail) {
    return new Refusal(Finding.valid(reason, detail));
  }

  Finding finding() {
    return finding;
  }
}
