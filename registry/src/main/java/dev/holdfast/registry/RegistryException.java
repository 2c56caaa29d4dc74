package dev.holdfast.registry;

import java.io.IOException;
import java.io.Serial;

/// A registry did not do what it was asked. The message starts with the code of its [#kind].
public final class RegistryException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final Kind kind;

  public RegistryException(Kind kind, String message) {
    super(kind.code() + ": " + message);
    this.kind = kind;
  }

  public RegistryException(Kind kind, String message, Throwable cause) {
    super(kind.code() + ": " + message, cause);
    this.kind = kind;
  }

  /// What went wrong, stable across versions.
  public Kind kind() {
    return kind;
  }

  /// Every way to fail.
  ///
  /// Spec: docs/operating/registry.md
  public enum Kind {
    RECORD_MALFORMED("record-malformed"),
    RECORD_NOT_NEWER("record-not-newer"),
    REGISTRY_FULL("registry-full"),
    REGISTRY_UNAVAILABLE("registry-unavailable"),
    REGISTRY_CLOSED("registry-closed");

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
