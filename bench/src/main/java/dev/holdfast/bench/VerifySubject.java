package dev.holdfast.bench;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What is verified: quotes of one platform that are accepted at `at` with the collateral
/// `collateralJson`.
record VerifySubject(TrustAnchor anchor, Bytes collateralJson, List<Bytes> quotes, Instant at) {
  private static final int FRESH_QUOTES = 256;

  VerifySubject {
    quotes = List.copyOf(quotes);
  }

  /// Fresh TDX v4 quotes of a simulated platform.
  static VerifySubject simulated() throws MalformedException {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    DevelopmentVendor vendor = DevelopmentVendor.generate(random, now);
    SimulatedPlatform platform = vendor.platform(PlatformRecipe.of("bench"));
    List<Bytes> quotes = new ArrayList<>();
    for (int i = 0; i < FRESH_QUOTES; i++) {
      byte[] reportData = new byte[64];
      random.nextBytes(reportData);
      quotes.add(platform.quote(TdRecipe.ofImage("bench"), Bytes.copyOf(reportData)));
    }
    return new VerifySubject(
        TrustAnchor.parsePem(vendor.rootPem()),
        vendor.collateral(CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, now)),
        quotes,
        now);
  }

  /// One genuine TDX v4 quote with the collateral of its time, from a folder of recorded vectors.
  static VerifySubject recorded(Path vectors) throws IOException {
    return new VerifySubject(
        TrustAnchor.intel(),
        read(vectors.resolve("collateral/phala-tdx-2025-06.json")),
        List.of(read(vectors.resolve("quotes/tdx-v4-phala.bin"))),
        Instant.parse("2025-07-04T10:16:00Z"));
  }

  Collateral collateral() throws MalformedException {
    return Collateral.parse(collateralJson);
  }

  private static Bytes read(Path file) throws IOException {
    return Bytes.copyOf(Files.readAllBytes(file));
  }
}
