package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import java.time.Instant;

/// API under construction: signatures are stable.
public record CollateralRecipe(Bytes fmspc, Instant now) {
  /// TDX collateral for platforms of the Platform CA, all up to date at `now`.
  public static CollateralRecipe defaults(Bytes fmspc, Instant now) {
    return new CollateralRecipe(fmspc, now);
  }
}
