package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.security.SecureRandom;
import java.time.Instant;

/// API under construction: signatures are stable.
public final class DevelopmentVendor {
  private DevelopmentVendor() {}

  public static DevelopmentVendor generate(SecureRandom random, Instant now) {
    throw new UnsupportedOperationException();
  }

  public static DevelopmentVendor parse(Bytes json) throws MalformedException {
    throw new UnsupportedOperationException();
  }

  /// Its keys and certificates as JSON.
  public Bytes toJson() {
    throw new UnsupportedOperationException();
  }

  /// The root certificate as PEM: the trust anchor to configure.
  public Bytes rootPem() {
    throw new UnsupportedOperationException();
  }

  /// Nine-member collateral JSON.
  public Bytes collateral(CollateralRecipe recipe) {
    throw new UnsupportedOperationException();
  }

  public SimulatedPlatform platform(PlatformRecipe recipe) {
    throw new UnsupportedOperationException();
  }
}
