package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.QuoteException;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Quotes and collateral of real machines, cut and changed. Spec: docs/spec/quote.md
class RealQuotesTest {
  private static final Instant AT = Instant.parse("2025-07-04T10:16:00Z");
  private static final long SEED = 20261123;

  /// Where the PCK chain starts in a version 4 quote of TDX: text, of which a sample must do.
  private static final int CHAIN = 1258;

  @BeforeEach
  void assumeVectors() {
    Vectors.assumePresent();
  }

  @TestFactory
  Stream<DynamicTest> everyPrefix_ofEveryRealQuote_isMalformed() {
    return Vectors.quoteNames().stream()
        .map(name -> dynamicTest(name, () -> assertPrefixesMalformed(Vectors.quote(name))));
  }

  private static void assertPrefixesMalformed(Bytes quote) throws QuoteException {
    AttestationVerifier verifier = AttestationVerifier.of(TrustAnchor.intel());
    int structure = Quote.parse(quote).structureSize();
    for (int size = 0; size < structure; size++) {
      Verdict verdict =
          verifier.verify(
              quote.slice(0, size), Collateral.none(), AttestationPolicy.defaults(), AT);
      assertEquals(
          Reason.MALFORMED_QUOTE,
          assertInstanceOf(Verdict.Rejected.class, verdict).reason(),
          "cut to " + size);
    }
  }

  @Test
  void everyByte_ofARealQuote_isCovered() throws QuoteException {
    AttestationVerifier verifier = AttestationVerifier.of(TrustAnchor.intel());
    Collateral collateral = Vectors.collateral("phala-tdx-2025-06");
    Bytes quote = Vectors.quote("tdx-v4-phala");
    int structure = Quote.parse(quote).structureSize();
    for (int offset = 0; offset < structure; offset += offset < CHAIN ? 1 : 11) {
      byte[] changed = quote.toArray();
      changed[offset] ^= 0x40;
      Verdict verdict =
          verifier.verify(Bytes.copyOf(changed), collateral, AttestationPolicy.defaults(), AT);
      assertInstanceOf(
          Verdict.Rejected.class, verdict, "byte " + offset + " was changed without notice");
    }
  }

  @Test
  void collateral_randomlyChanged_neverAcceptedAndNeverThrows() throws MalformedException {
    Bytes quote = Vectors.quote("tdx-v4-phala");
    JsonObject original = Json.parse(Vectors.bytes("collateral/phala-tdx-2025-06.json")).asObject();
    AttestationVerifier verifier = AttestationVerifier.of(TrustAnchor.intel());
    Random random = new Random(SEED);
    for (int round = 0; round < 300; round++) {
      Collateral changed = changed(original, random);
      Verdict verdict = verifier.verify(quote, changed, AttestationPolicy.defaults(), AT);
      assertInstanceOf(Verdict.Rejected.class, verdict, "seed " + SEED + ", round " + round);
    }
  }

  /// Replaces one character that is no white space of one member by another printable one.
  private static Collateral changed(JsonObject original, Random random) throws MalformedException {
    int chosen = random.nextInt(original.members().size());
    JsonWriter writer = JsonWriter.object();
    for (int i = 0; i < original.members().size(); i++) {
      String value = original.members().get(i).value().asString();
      if (i == chosen) {
        int at = random.nextInt(value.length());
        while (value.charAt(at) == '\n') {
          at = random.nextInt(value.length());
        }
        char other = (char) ('!' + random.nextInt('~' - '!'));
        boolean same = Character.toLowerCase(other) == Character.toLowerCase(value.charAt(at));
        value = value.substring(0, at) + (same ? '~' : other) + value.substring(at + 1);
      }
      writer.put(original.members().get(i).name(), value);
    }
    return Collateral.parse(writer.toBytes());
  }

  @Test
  void claims_ofARealTdxQuote_areThoseOfItsBytes() {
    Bytes quote = Vectors.quote("tdx-v4-phala");
    Verdict verdict =
        AttestationVerifier.of(TrustAnchor.intel())
            .verify(
                quote, Vectors.collateral("phala-tdx-2025-06"), AttestationPolicy.defaults(), AT);
    Claims claims = assertInstanceOf(Verdict.Accepted.class, verdict).claims();
    assertEquals(4, claims.quoteVersion());
    assertEquals(Tee.TDX, claims.tee());
    assertEquals(TcbStatus.UP_TO_DATE, claims.tcbStatus());
    assertEquals("b0c06f000000", claims.platform().fmspc().toHex());
    assertEquals(quote.slice(48 + 520, 64), claims.reportData());
    Measurement measurement = claims.measurement().orElseThrow();
    assertEquals(quote.slice(48 + 136, 48), measurement.mrTd());
    assertEquals(Optional.of(quote.slice(48 + 472, 48)), measurement.rtmr3());
    assertFalse(claims.platform().instanceId().isEmpty());
  }

  @Test
  void inspection_ofEveryRealQuote_needsNoCollateral() throws MalformedException {
    for (String name : Vectors.quoteNames()) {
      UnverifiedQuote quote = UnverifiedQuote.parse(Vectors.quote(name));
      assertEquals(name.startsWith("tdx") ? Tee.TDX : Tee.SGX, quote.tee(), name);
      assertEquals(name.charAt(5) - '0', quote.version(), name);
      boolean ofAPlatform = quote.certificationDataType() == 5 && !name.contains("intel-sample");
      assertEquals(ofAPlatform, quote.platform().isPresent(), name);
      assertEquals(ofAPlatform, quote.pckCa().isPresent(), name);
    }
  }

  @Test
  void pckValidUntil_ofARealQuote_isTheEndOfItsCertificate() throws MalformedException {
    assertEquals(
        Optional.of(Instant.parse("2032-02-06T23:25:51Z")),
        UnverifiedQuote.pckValidUntil(Vectors.quote("tdx-v4-phala")));
  }

  @Test
  void inspection_ofAProcessorAndAPlatform_namesTheirCa() throws MalformedException {
    assertEquals(
        Optional.of(UnverifiedQuote.PckCa.PROCESSOR),
        UnverifiedQuote.parse(Vectors.quote("sgx-v3-zkdcap")).pckCa());
    assertEquals(
        Optional.of(UnverifiedQuote.PckCa.PLATFORM),
        UnverifiedQuote.parse(Vectors.quote("tdx-v4-phala")).pckCa());
  }
}
