package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;

/// API under construction: signatures are stable.
public record PlatformRecipe(String name, Bytes fmspc) {
  /// The FMSPC of every simulated platform unless its recipe says otherwise; no real one has it.
  public static final Bytes DEFAULT_FMSPC =
      Bytes.copyOf(new byte[] {(byte) 0xde, 0x7e, 0x57, 0, 0, 0});

  public static PlatformRecipe of(String name) {
    return new PlatformRecipe(name, DEFAULT_FMSPC);
  }
}
