package dev.holdfast.cli.demo;

/// Something that the demo promises did not hold.
public final class DemoFailure extends Exception {
  private static final long serialVersionUID = 1L;

  DemoFailure(String message) {
    super(message);
  }

  /// @throws DemoFailure when `holds` is false
  static void require(boolean holds, String promise) throws DemoFailure {
    if (!holds) {
      throw new DemoFailure(promise);
    }
  }
}
