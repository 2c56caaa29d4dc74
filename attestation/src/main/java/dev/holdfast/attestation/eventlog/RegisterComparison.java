package dev.holdfast.attestation.eventlog;

import dev.holdfast.codec.Bytes;
import java.util.OptionalInt;

/// One RTMR of a report beside the replay of a log. A match says that the log fits the report, and
/// nothing about the report, which must be verified on its own.
///
/// Spec: docs/spec/eventlog.md#comparison
public sealed interface RegisterComparison {
  Register register();

  /// How many events of the log extend it.
  int events();

  /// The replay gives the report's value.
  record Match(Register register, int events) implements RegisterComparison {}

  /// It gives another one.
  ///
  /// - `expected`: the report's value, and `replayed` that of all events, 48 bytes each.
  /// - `matchingEvents`: how many of the register's first events give the report's value, when some
  ///   number of them, less than all, does: the log goes on after the report was made. 0 is the
  ///   register's first value.
  record Mismatch(
      Register register, int events, Bytes expected, Bytes replayed, OptionalInt matchingEvents)
      implements RegisterComparison {}

  default boolean matches() {
    return this instanceof Match;
  }
}
