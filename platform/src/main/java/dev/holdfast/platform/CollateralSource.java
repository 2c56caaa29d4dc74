package dev.holdfast.platform;

import dev.holdfast.attestation.Collateral;
import java.util.Optional;

/// Where this node gets the vendor's signed data from.
///
/// What it hands out has the right form and nothing more: the verifier judges it, at every use.
public interface CollateralSource {
  /// What is known now; never waits.
  View view();

  /// Looks again, and answers what is known then. Never throws for bad data: the view says so.
  View refresh();

  /// @param collateral the newest that could be read; kept when a later one cannot
  /// @param problem why the last look brought nothing, absent when it did
  record View(Optional<Collateral> collateral, Optional<Problem> problem) {}

  /// @param message what was expected, what was found and where; one line
  record Problem(Kind kind, String message) {}

  /// Why collateral could not be had.
  ///
  /// Spec: docs/operating/evidence.md
  enum Kind {
    ABSENT("absent"),
    NOT_A_FILE("not-a-file"),
    UNREADABLE("unreadable"),
    TOO_LARGE("too-large"),
    MALFORMED("malformed"),
    NO_QUOTE("no-quote"),
    SERVICE("service");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    /// The kebab-case name used in logs and documents.
    public String code() {
      return code;
    }
  }
}
