package dev.holdfast.daemon.entropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.runtime.SimulatedEvidence;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.v1.MockQuote;
import dev.holdfast.entropy.v1.Quote;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// The development vendor stands for Intel.
final class GenuineQuotesTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final Account ACCOUNT = new Account(Bytes.zero(32));
  private static final DevelopmentVendor VENDOR = DevelopmentVendor.generate(RANDOM, NOW);

  @Test
  void quote_ofAGoodPlatform_isGenuineWithItsMeasurement() throws Exception {
    GenuineQuotes quotes = quotes(VENDOR, NOW);
    Bytes bytes = quotes.quote(ACCOUNT, Bytes.zero(64));
    Quote quote = Quote.parse(bytes);
    quotes.requireGenuine(quote, bytes);
    assertEquals(quotes.measurement(), quote.measurement());
  }

  @Test
  void quote_mockOrChangedOrOfAnotherVendorOrTooLate_isRefused() throws Exception {
    GenuineQuotes quotes = quotes(VENDOR, NOW);
    Bytes good = quotes.quote(ACCOUNT, Bytes.zero(64));
    byte[] changed = good.toArray();
    changed[600] ^= 1;
    Bytes others =
        quotes(DevelopmentVendor.generate(RANDOM, NOW), NOW).quote(ACCOUNT, Bytes.zero(64));

    assertRefused("unknown-qe-vendor", quotes, MockQuote.create(ACCOUNT, Bytes.zero(64), RANDOM));
    assertRefused("signature", quotes, Bytes.copyOf(changed));
    assertRefused("untrusted-root", quotes, others);
    assertRefused("expired", quotes(VENDOR, NOW.plus(Duration.ofDays(400))), good);
  }

  private static GenuineQuotes quotes(DevelopmentVendor vendor, Instant now) throws Exception {
    Collateral collateral =
        Collateral.parse(
            vendor.collateral(CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, NOW)));
    return new GenuineQuotes(
        new SimulatedEvidence(vendor, "machine", "image"),
        AttestationVerifier.of(TrustAnchor.parsePem(VENDOR.rootPem())),
        quote -> collateral,
        () -> now);
  }

  private static void assertRefused(String why, GenuineQuotes quotes, Bytes bytes)
      throws MalformedException {
    Quote quote = Quote.parse(bytes);
    MalformedException e =
        assertThrows(MalformedException.class, () -> quotes.requireGenuine(quote, bytes));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
  }
}
