package dev.holdfast.entropy.server;

import java.io.Serial;

/// A request that is refused, with the status and text that the caller gets. The texts are the
/// original's, without what it adds of its insides.
public final class V1Exception extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;

  private V1Exception(int status, String text) {
    super(text);
    this.status = status;
  }

  /// A refusal as the original has it: all of them are its internal errors.
  static V1Exception refused(String text) {
    return new V1Exception(500, text);
  }

  /// Not now, perhaps later.
  static V1Exception later(String text) {
    return new V1Exception(503, text);
  }

  /// A body that is not what the route takes.
  static V1Exception malformed(String text) {
    return new V1Exception(400, text);
  }

  public int status() {
    return status;
  }
}
