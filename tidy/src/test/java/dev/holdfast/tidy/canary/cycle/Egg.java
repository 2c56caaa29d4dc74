package dev.holdfast.tidy.canary.cycle;

import dev.holdfast.tidy.canary.Canaries;

/// The other half of a package cycle.
public final class Egg {
  private Egg() {}

  public static String hatched() {
    return Canaries.class.getName();
  }
}
