package dev.holdfast.store;

import dev.holdfast.codec.MalformedException;

/// Why a store cannot be created, opened, read or written. The message says what was expected and
/// what was found; it carries no name, no value and no key.
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  /// What went wrong; a closed set, so that a caller can answer each in its own way.
  public enum Kind {
    /// The root key opens none of the header's wraps.
    WRONG_KEY,
    /// The header names another account.
    WRONG_ACCOUNT,
    /// The header names another store of the same account.
    WRONG_STORE,
    /// The files are not what this store wrote: altered, incomplete, mixed from several times.
    CORRUPTED,
    /// The store is older than a version that somebody remembers, or another history of it.
    ROLLED_BACK,
    /// The store is open already, here or in another process.
    LOCKED,
    /// The disk is full. What was acknowledged is kept; nothing is written until the store is
    /// opened again.
    FULL,
    /// There is no store at this path.
    MISSING,
    /// There is something at the path where a store was to be created.
    EXISTS,
    /// The format version is not one that this program reads.
    UNSUPPORTED_VERSION,
    /// The disk failed. After a failed write nothing is written until the store is opened again.
    FAILED,
    /// The store has been closed.
    CLOSED
  }

  private final Kind kind;

  StoreException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  StoreException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static StoreException corrupted(String message) {
    return new StoreException(Kind.CORRUPTED, message);
  }

  /// Bytes that nobody but this store should have written have no form.
  static StoreException corrupted(MalformedException cause) {
    return new StoreException(Kind.CORRUPTED, String.valueOf(cause.getMessage()), cause);
  }

  public Kind kind() {
    return kind;
  }
}
