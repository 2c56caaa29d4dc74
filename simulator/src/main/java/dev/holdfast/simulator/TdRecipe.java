package dev.holdfast.simulator;

/// API under construction: signatures are stable.
public record TdRecipe(String image) {
  /// MRTD and RTMR0..2 derived from a label; RTMR3 is zero.
  public static TdRecipe ofImage(String image) {
    return new TdRecipe(image);
  }
}
