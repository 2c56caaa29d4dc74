package dev.holdfast.attestation.eventlog;

import java.util.Locale;

/// Whether an event's digest is the hash of its data. Only then does a matching RTMR say anything
/// about the data.
///
/// Spec: docs/spec/eventlog.md#what-a-match-proves
public enum DigestOfData {
  /// The digest is the hash of the data.
  YES,

  /// The type says that it is, and it is not.
  NO,

  /// The type does not say so, or there is no data: the data is a remark that nothing covers.
  NOT_APPLICABLE;

  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /// `yes`, `no`, `not-applicable`.
  public String code() {
    return code;
  }
}
