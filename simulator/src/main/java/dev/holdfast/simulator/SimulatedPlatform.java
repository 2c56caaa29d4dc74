package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;

/// API under construction: signatures are stable. Thread-safe.
public final class SimulatedPlatform {
  SimulatedPlatform() {}

  /// A TDX quote of version 4 over 64 bytes of report data.
  public Bytes quote(TdRecipe td, Bytes reportData) {
    throw new UnsupportedOperationException();
  }
}
