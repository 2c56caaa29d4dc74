package dev.holdfast.codec;

/// A broken invariant: a bug in this program, never a property of its input. It stops the process.
///
/// An [Error], so that no handler for exceptions swallows it.
public final class InvariantError extends Error {
  private static final long serialVersionUID = 1L;

  public InvariantError(String message) {
    super(message);
  }

  public InvariantError(String message, Throwable cause) {
    super(message, cause);
  }

  /// @throws InvariantError when `holds` is false
  public static void check(boolean holds, String invariant) {
    if (!holds) {
      throw new InvariantError(invariant);
    }
  }
}
