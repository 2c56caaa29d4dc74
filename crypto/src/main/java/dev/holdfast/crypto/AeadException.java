package dev.holdfast.crypto;

/// A sealed text that does not open: another key, nonce or associated data, or changed bytes. Which
/// of them cannot be told.
public final class AeadException extends Exception {
  private static final long serialVersionUID = 1L;

  AeadException(String message) {
    super(message);
  }
}
