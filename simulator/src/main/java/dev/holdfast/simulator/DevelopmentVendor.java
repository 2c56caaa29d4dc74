package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.security.SecureRandom;
import java.time.Instant;

/// API under construction: signatures are stable.
public final class DevelopmentVendor {
  private DevelopmentVendor() {}

  public static DevelopmentVendor generate(SecureRandom random, Instant now) {
    return pending();
  }

  public static DevelopmentVendor parse(Bytes json) throws MalformedException {
    return pending();
  }

  /// Its keys and certificates as JSON.
  public Bytes toJson() {
    return pending();
  }

  /// The root certificate as PEM: the trust anchor to configure.
  public Bytes rootPem() {
    return pending();
  }

  /// Nine-member collateral JSON.
  public Bytes collateral(CollateralRecipe recipe) {
    return pending();
  }

  public SimulatedPlatform platform(PlatformRecipe recipe) {
    return pending();
  }

  private static <T> T pending() {
    throw new UnsupportedOperationException();
  }
}
