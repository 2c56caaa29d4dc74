package dev.holdfast.crypto;

import dev.holdfast.codec.MalformedException;

/// An envelope that does not open: not sealed to this key under this info and associated data, or
/// changed since. Which of them cannot be told.
public final class EnvelopeException extends Exception {
  private static final long serialVersionUID = 1L;

  private EnvelopeException(String message) {
    super(message);
  }

  EnvelopeException(MalformedException cause) {
    super(cause.getMessage(), cause);
  }

  static EnvelopeException doesNotOpen() {
    return new EnvelopeException(
        "sealed text: does not open: another key, info or aad, or changed bytes");
  }
}
