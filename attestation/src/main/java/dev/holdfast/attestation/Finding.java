package dev.holdfast.attestation;

/// One thing that is wrong, and what was known about authenticity when it was found.
record Finding(Reason reason, String detail, Signatures signatures) {
  /// Something is not authentic, or that cannot be established.
  static Finding invalid(Reason reason, String detail) {
    return new Finding(reason, detail, Signatures.INVALID);
  }

  /// Everything is authentic but something else is wrong.
  static Finding valid(Reason reason, String detail) {
    return new Finding(reason, detail, Signatures.VALID);
  }
}
