package dev.holdfast.fuzz;

import dev.holdfast.codec.MalformedException;

/// What a target throws when an input broke a promise without throwing anything itself.
final class Find extends AssertionError {
  private static final long serialVersionUID = 1L;

  /// Limit for the message of a refusal: 32 names of 64 characters and what stands around them.
  private static final int MESSAGE_CHARACTERS_MAX = 4096;

  Find(String message) {
    super(message);
  }

  Find(String message, Throwable cause) {
    super(message, cause);
  }

  static void unless(boolean condition, String promise) {
    if (!condition) {
      throw new Find("broken: " + promise);
    }
  }

  /// A refusal is fine, but its message ends in logs.
  static void unlessShort(MalformedException refusal) {
    unless(
        String.valueOf(refusal.getMessage()).length() <= MESSAGE_CHARACTERS_MAX,
        "messages are short");
  }
}
