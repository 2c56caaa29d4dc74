package dev.holdfast.platform.collateral;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.attestation.UnverifiedQuote.PckCa;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.platform.Ticker;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/// The development vendor of these tests, and what it issues.
final class Vendor {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  static final DevelopmentVendor VENDOR = DevelopmentVendor.generate(seeded(1), NOW);
  static final DevelopmentVendor OTHER = DevelopmentVendor.generate(seeded(2), NOW);
  static final AttestationVerifier VERIFIER = AttestationVerifier.of(anchor(VENDOR));
  static final SimulatedPlatform PLATFORM = VENDOR.platform(PlatformRecipe.of("machine"));
  static final TdRecipe IMAGE = TdRecipe.ofImage("image");
  static final CollateralKey KEY =
      new CollateralKey(
          Tee.TDX, PlatformRecipe.DEFAULT_FMSPC, PckCa.PLATFORM, TcbUpdate.Channel.STANDARD);
  static final CollateralKey EARLY =
      new CollateralKey(KEY.tee(), KEY.fmspc(), KEY.ca(), TcbUpdate.Channel.EARLY);

  private Vendor() {}

  /// Fresh collateral of `now`, changed.
  static Bytes collateral(Instant now, UnaryOperator<CollateralRecipe> change) {
    return VENDOR.collateral(change.apply(CollateralRecipe.defaults(KEY.fmspc(), now)));
  }

  static Bytes collateral(Instant now) {
    return collateral(now, UnaryOperator.identity());
  }

  static Collateral parsed(Bytes json) {
    try {
      return Collateral.parse(json);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static TrustAnchor anchor(DevelopmentVendor vendor) {
    try {
      return TrustAnchor.parsePem(vendor.rootPem());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static SecureRandom seeded(long seed) {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(seed);
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /// The monotonic clock of this machine: what is tested with it waits on real sockets.
  static Ticker realTicker() {
    return new Ticker() {
      @Override
      public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime());
      }

      @Override
      public void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time);
      }
    };
  }
}
