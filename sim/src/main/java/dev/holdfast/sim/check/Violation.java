package dev.holdfast.sim.check;

import java.io.Serial;

/// Something happened that must not: the name of the checker that saw it, and what it saw.
public final class Violation extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public Violation(String checker, String what) {
    super(checker + ": " + what);
  }

  /// Throws unless `holds`.
  public static void unless(boolean holds, String checker, String what) {
    if (!holds) {
      throw new Violation(checker, what);
    }
  }
}
