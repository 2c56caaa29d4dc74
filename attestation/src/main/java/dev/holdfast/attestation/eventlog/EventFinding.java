package dev.holdfast.attestation.eventlog;

import java.util.Locale;

/// Something wrong with an event that does not keep the log from being replayed.
///
/// - `event`: the number of the event.
///
/// Spec: docs/spec/eventlog.md#findings
public record EventFinding(int event, Kind kind) {
  /// What is wrong.
  public enum Kind {
    /// The digest that the log gives is not that of type, name and payload.
    LOGGED_DIGEST_DIFFERS,

    /// The name has a colon: the digest does not say where the name ends and the payload starts.
    AMBIGUOUS_NAME;

    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /// The stable code, in kebab case.
    public String code() {
      return code;
    }
  }
}
