package dev.holdfast.attestation;

/// One thing that is wrong, in words that end with what to do about it, and what was known about
/// authenticity when it was found.
record Finding(Reason reason, String detail, Signatures signatures) {
  /// Something is not authentic, or that cannot be established.
  static Finding invalid(Reason reason, String detail) {
    return of(reason, detail, Signatures.INVALID);
  }

  /// Everything is authentic but something else is wrong.
  static Finding valid(Reason reason, String detail) {
    return of(reason, detail, Signatures.VALID);
  }

  /// `detail` says what was found and what was expected.
  static Finding of(Reason reason, String detail, Signatures signatures) {
    return new Finding(reason, detail + "; " + reason.action(), signatures);
  }
}
