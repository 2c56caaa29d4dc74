package dev.holdfast.entropy.chain;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// The chain did not answer, or not in a way that can be used. The message starts with the code of
/// its [#kind].
public final class ChainException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final Kind kind;

  ChainException(Kind kind, String message) {
    this(kind, message, null);
  }

  ChainException(Kind kind, String message, @Nullable Throwable cause) {
    super(kind.code + ": " + message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /// Every way to fail.
  ///
  /// Spec: docs/operating/substrate.md
  public enum Kind {
    /// Fewer endpoints than needed answered in time.
    CHAIN_UNAVAILABLE("chain-unavailable"),
    /// An answer has not the form of the method, or is too long.
    CHAIN_MALFORMED("chain-malformed"),
    /// The endpoint serves another chain.
    CHAIN_OTHER_GENESIS("chain-other-genesis"),
    /// The runtime has other storage, types or extensions than this program knows.
    CHAIN_OTHER_RUNTIME("chain-other-runtime"),
    /// Endpoints contradict each other.
    CHAIN_DISAGREES("chain-disagrees"),
    /// A finalised block is not where it was.
    CHAIN_WENT_BACK("chain-went-back"),
    /// Nothing was finalised for too long.
    CHAIN_STALLED("chain-stalled"),
    /// The endpoint answered with an error.
    CHAIN_REFUSED("chain-refused");

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
