package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.EnclaveRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.function.UnaryOperator;

/// A quote of the development vendor and what it is judged with; flawless until something is
/// changed.
record Situation(Bytes quote, Bytes collateral, AttestationPolicy policy, Instant at) {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  static final DevelopmentVendor VENDOR = DevelopmentVendor.generate(seeded(1), NOW);
  static final DevelopmentVendor OTHER_VENDOR = DevelopmentVendor.generate(seeded(2), NOW);
  static final SimulatedPlatform PLATFORM = VENDOR.platform(PlatformRecipe.of("node-a"));
  static final TdRecipe TD = TdRecipe.ofImage("image");
  static final EnclaveRecipe ENCLAVE = EnclaveRecipe.ofImage("image");
  static final Bytes REPORT_DATA =
      Bytes.copyOf("0123456789abcdef".repeat(4).getBytes(StandardCharsets.US_ASCII));
  static final CollateralRecipe TDX = CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, NOW);
  static final CollateralRecipe SGX = CollateralRecipe.sgx(PlatformRecipe.DEFAULT_FMSPC, NOW);
  static final TrustAnchor ANCHOR = anchor(VENDOR);
  static final AttestationVerifier VERIFIER = AttestationVerifier.of(ANCHOR);

  /// A TDX VM.
  static Situation tdx() {
    return new Situation(
        PLATFORM.quote(TD, REPORT_DATA), VENDOR.collateral(TDX), AttestationPolicy.defaults(), NOW);
  }

  /// A TDX VM with another form of quote.
  static Situation tdx(QuoteFormat format, UnaryOperator<QuoteRecipe> change) {
    return tdx().withQuote(PLATFORM.quote(TD, REPORT_DATA, change.apply(QuoteRecipe.of(format))));
  }

  /// A TDX VM of another kind.
  static Situation tdx(QuoteFormat format, TdRecipe td) {
    return tdx().withQuote(PLATFORM.quote(td, REPORT_DATA, QuoteRecipe.of(format)));
  }

  /// A TDX VM on another platform.
  static Situation onPlatform(UnaryOperator<PlatformRecipe> change) {
    PlatformRecipe recipe = change.apply(PlatformRecipe.of("node-b"));
    return tdx().withQuote(VENDOR.platform(recipe).quote(TD, REPORT_DATA));
  }

  /// A TDX VM with other collateral.
  static Situation collateral(UnaryOperator<CollateralRecipe> change) {
    return tdx().withCollateral(change);
  }

  /// An SGX enclave.
  static Situation sgx(QuoteFormat format) {
    return new Situation(
        PLATFORM.quote(ENCLAVE, REPORT_DATA, QuoteRecipe.of(format)),
        VENDOR.collateral(SGX),
        AttestationPolicy.defaults(),
        NOW);
  }

  Situation withQuote(Bytes value) {
    return new Situation(value, collateral, policy, at);
  }

  Situation withCollateral(UnaryOperator<CollateralRecipe> change) {
    return new Situation(quote, VENDOR.collateral(change.apply(TDX)), policy, at);
  }

  Situation withPolicy(UnaryOperator<AttestationPolicy> change) {
    return new Situation(quote, collateral, change.apply(policy), at);
  }

  Situation at(Instant value) {
    return new Situation(quote, collateral, policy, value);
  }

  Verdict verdict() {
    return verdict(VERIFIER);
  }

  Verdict verdict(AttestationVerifier verifier) {
    return verifier.verify(quote, parsed(), policy, at);
  }

  Collateral parsed() {
    try {
      return Collateral.parse(collateral);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  Verdict.Accepted assertAccepted() {
    return assertInstanceOf(Verdict.Accepted.class, verdict());
  }

  Verdict.Rejected assertRejected(Reason reason) {
    Verdict.Rejected rejected = assertInstanceOf(Verdict.Rejected.class, verdict());
    assertEquals(reason, rejected.reason(), rejected.detail());
    return rejected;
  }

  static TrustAnchor anchor(DevelopmentVendor vendor) {
    try {
      return TrustAnchor.parsePem(vendor.rootPem());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// A generator that `seed` determines.
  static SecureRandom seeded(long seed) {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(seed);
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
