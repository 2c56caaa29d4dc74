package dev.holdfast.crypto;

/// The native library of Conscrypt does not load on this machine. Bouncy Castle does the same work
/// without it, several times slower.
public final class ConscryptUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConscryptUnavailableException(Throwable cause) {
    super(
        "Conscrypt's native library does not load on %s %s: %s"
            .formatted(
                System.getProperty("os.name"), System.getProperty("os.arch"), cause.getMessage()),
        cause);
  }
}
