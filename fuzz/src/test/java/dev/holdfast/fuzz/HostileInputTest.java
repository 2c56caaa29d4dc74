package dev.holdfast.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.Reason;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.pki.CrlRecipe;
import dev.holdfast.simulator.pki.Der;
import dev.holdfast.simulator.pki.Extension;
import dev.holdfast.simulator.pki.SgxExtension;
import dev.holdfast.simulator.quote.QuoteFormat;
import dev.holdfast.simulator.tcb.Documents;
import dev.holdfast.simulator.tcb.TcbLevel;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Inputs at the limits, validly signed where that lets them get further: the result is the one
/// that the specification gives, and memory stays under [Work#MAX_ALLOCATED_BYTES].
///
/// Spec: docs/spec/attestation.md
class HostileInputTest {
  private static final int LEVELS_MAX = 256;
  private static final int CRL_ENTRY_DIGITS = 44;

  @Test
  void json_asDeepAsAllowed_accepted() {
    Bytes quote = World.quote(QuoteFormat.TDX_V4);
    assertInstanceOf(Verdict.Accepted.class, verdict(quote, withExtra(nested(31))));
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 1_000, 50_000})
  void json_tooDeep_malformed(int arrays) {
    assertRejected(Reason.TCB_INFO_MALFORMED, withExtra(nested(arrays)));
  }

  @Test
  void json_onlyOpeningBrackets_malformed() {
    Bytes brackets = World.bytes("[".repeat(Collateral.MAX_SIZE));
    Work.bounded(() -> assertThrows(MalformedException.class, () -> Collateral.parse(brackets)));
  }

  @Test
  void json_manyValuesBelowLongNames_costInProportion() throws MalformedException {
    int depth = Json.MAX_DEPTH - 1;
    String open = ("{\"" + "n".repeat(64) + "\":").repeat(depth);
    int items = (Collateral.MAX_SIZE - open.length() - depth - 2) / 2;
    Bytes document = World.bytes(open + "[0" + ",0".repeat(items) + "]" + "}".repeat(depth));

    Work.bounded(() -> assertThrows(MalformedException.class, () -> Collateral.parse(document)));
    JsonValue value = Json.parse(document);
    for (int i = 0; i < depth; i++) {
      value = value.asObject().members().getFirst().value();
    }
    assertEquals(items + 1, value.asArray(items + 1).items().size());
  }

  @Test
  void json_numberOfTenThousandDigits_malformed() {
    CollateralRecipe recipe =
        World.TDX.withTcbInfo(d -> d.withJson("tcbEvaluationDataNumber", "1".repeat(10_000)));
    assertRejected(Reason.TCB_INFO_MALFORMED, World.VENDOR.collateral(recipe));
  }

  @Test
  void tcbInfo_asManyLevelsAsAllowed_accepted() {
    Bytes quote = World.quote(QuoteFormat.SGX_V3);
    assertInstanceOf(Verdict.Accepted.class, verdict(quote, withLevels(LEVELS_MAX)));
  }

  @Test
  void tcbInfo_oneLevelMore_malformed() {
    Verdict verdict = verdict(World.quote(QuoteFormat.SGX_V3), withLevels(LEVELS_MAX + 1));
    assertEquals(
        Reason.TCB_INFO_MALFORMED, assertInstanceOf(Verdict.Rejected.class, verdict).reason());
  }

  @Test
  void crl_asManyEntriesAsFit_accepted() {
    Bytes collateral = withRevoked(entriesThatFit(), List.of());
    assertTrue(collateral.size() > Collateral.MAX_SIZE - 2 * CRL_ENTRY_DIGITS, "at the limit");
    assertInstanceOf(Verdict.Accepted.class, verdict(World.quote(QuoteFormat.TDX_V4), collateral));
  }

  @Test
  void crl_thePlatformLastOfManyEntries_revoked() {
    assertRejected(
        Reason.CERTIFICATE_REVOKED,
        withRevoked(entriesThatFit() - 2, List.of(World.PLATFORM.serial())));
  }

  @Test
  void crl_moreEntriesThanFit_refusedBeforeParsing() {
    Bytes collateral = withRevoked(entriesThatFit() + 2, List.of());
    assertThrows(MalformedException.class, () -> Collateral.parse(collateral));
  }

  @TestFactory
  Stream<DynamicTest> chain_fillingTheQuote_invalid() {
    String begin = "-----BEGIN CERTIFICATE-----";
    String end = "-----END CERTIFICATE-----";
    Bytes deep = deepSequences(6_000);
    return Stream.of(
            text("one letter", begin + "A".repeat(14_000) + end),
            text("no end", begin + "A".repeat(14_000)),
            text("only begins", begin.repeat(500)),
            text("only dashes", "-".repeat(14_000)),
            text("only blanks", " \n\t\0".repeat(3_500)),
            text("empty blocks", (begin + end).repeat(250)),
            text("line breaks in a block", begin + "\n".repeat(14_000) + end),
            text("deep DER", begin + base64(deep) + end),
            text("long length", begin + base64(Der.sequence(Bytes.zero(10_000))) + end),
            text("not ASCII", "\u00e4".repeat(7_000)))
        .map(input ->
            dynamicTest(
                input.name,
                () -> {
                  Bytes quote = quote(World.bytes(input.text));
                  assertTrue(quote.size() <= AttestationVerifier.QUOTE_MAX_SIZE);
                  assertRejected(Reason.CERTIFICATE_CHAIN_INVALID, quote, collateral());
                }));
  }

  @Test
  void chain_behindTenThousandBlanks_accepted() {
    String text = " \n".repeat(5_000) + World.text(World.PLATFORM.pckChainPem());
    assertInstanceOf(Verdict.Accepted.class, verdict(quote(World.bytes(text)), collateral()));
  }

  @Test
  void certificate_longIdentifiersAndManyExtensions_accepted() {
    UnaryOperator<PlatformRecipe> longer =
        p ->
            p.withCertificate(c -> {
              var changed = c.withAddedExtension(extension("3.".repeat(3_000)));
              for (int i = 0; i < 100; i++) {
                changed = changed.withAddedExtension(extension(i + "."));
              }
              return changed;
            });
    assertInstanceOf(Verdict.Accepted.class, verdict(onPlatform(longer), collateral()));
  }

  @Test
  void certificate_serialOfTwentyOneBytes_invalid() {
    BigInteger serial = BigInteger.ONE.shiftLeft(160);
    assertRejected(
        Reason.CERTIFICATE_CHAIN_INVALID,
        onPlatform(p -> p.withCertificate(c -> c.withSerial(serial))),
        collateral());
  }

  @Test
  void certificate_serialOfFiveThousandBytes_invalid() {
    BigInteger serial = BigInteger.ONE.shiftLeft(40_000);
    assertRejected(
        Reason.CERTIFICATE_CHAIN_INVALID,
        onPlatform(p -> p.withCertificate(c -> c.withSerial(serial))),
        collateral());
  }

  @Test
  void sgxExtension_longIdentifierOrManyParts_invalid() {
    Bytes part = SgxExtension.entry("3." + "3.".repeat(3_000) + "1", Der.integer(1));
    Bytes known = SgxExtension.entry("1", Der.octetString(Bytes.zero(16)));
    for (List<Bytes> parts :
        List.of(List.of(part), IntStream.range(0, 200).mapToObj(i -> known).toList())) {
      Bytes quote =
          onPlatform(p ->
              p.withExtension(
                  e -> e.withEntries(all -> Stream.concat(all.stream(), parts.stream()).toList())));
      assertRejected(Reason.CERTIFICATE_CHAIN_INVALID, quote, collateral());
    }
  }

  private record Named(String name, String text) {}

  private static Named text(String name, String text) {
    return new Named(name, text);
  }

  private static Verdict verdict(Bytes quote, Bytes collateral) {
    Collateral parsed = World.collateral(collateral);
    List<Verdict> verdicts = new ArrayList<>();
    Work.bounded(() -> {
      AttestationVerifier cold = AttestationVerifier.of(World.anchor(), World.ecdsa());
      verdicts.add(cold.verify(quote, parsed, AttestationPolicy.defaults(), World.NOW));
    });
    return verdicts.getLast();
  }

  private static void assertRejected(Reason reason, Bytes collateral) {
    assertRejected(reason, World.quote(QuoteFormat.TDX_V4), collateral);
  }

  private static void assertRejected(Reason reason, Bytes quote, Bytes collateral) {
    Verdict.Rejected rejected =
        assertInstanceOf(Verdict.Rejected.class, verdict(quote, collateral));
    assertEquals(reason, rejected.reason(), rejected.detail());
    assertTrue(rejected.detail().length() < 1024, "details are short");
  }

  private static Bytes collateral() {
    return World.VENDOR.collateral(World.TDX);
  }

  private static Bytes withExtra(String json) {
    return World.VENDOR.collateral(World.TDX.withTcbInfo(d -> d.withJson("extra", json)));
  }

  private static String nested(int arrays) {
    return "[".repeat(arrays) + "]".repeat(arrays);
  }

  /// The current level of the standard document and others below it.
  private static Bytes withLevels(int count) {
    List<TcbLevel> levels = new ArrayList<>(List.of(Documents.sgxLevels().getFirst()));
    List<Integer> lower = new ArrayList<>(Documents.SGX_SVNS);
    for (int i = 1; i < count; i++) {
      lower.set(0, 1 + i / 200);
      lower.set(15, i % 200);
      levels.add(levels.getFirst().withSgx(lower).withStatus("OutOfDate"));
    }
    return World.VENDOR.collateral(World.SGX.withTcbInfo(d -> d.withTcbLevels(levels)));
  }

  private static int entriesThatFit() {
    return (Collateral.MAX_SIZE - withRevoked(1_000, List.of()).size()) / CRL_ENTRY_DIGITS + 1_000;
  }

  /// A PCK CRL of `count` small serials of three bytes and `more`.
  private static Bytes withRevoked(int count, List<BigInteger> more) {
    return World.VENDOR.collateral(
        World.TDX.withPckCrl(crl -> {
          List<CrlRecipe.Entry> entries = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            BigInteger serial = BigInteger.valueOf(0x100000 + i);
            entries.add(new CrlRecipe.Entry(serial, crl.thisUpdate(), List.of()));
          }
          more.forEach(
              serial -> entries.add(new CrlRecipe.Entry(serial, crl.thisUpdate(), List.of())));
          return new CrlRecipe(
              crl.issuer(),
              crl.thisUpdate(),
              crl.nextUpdate(),
              entries,
              crl.extensions(),
              crl.signer(),
              crl.body(),
              crl.tamper());
        }));
  }

  private static Bytes quote(Bytes chain) {
    return World.quote(QuoteRecipe.of(QuoteFormat.TDX_V4).withCertificationData(chain));
  }

  private static Bytes onPlatform(UnaryOperator<PlatformRecipe> change) {
    Bytes chain = World.VENDOR.platform(change.apply(PlatformRecipe.of("node-a"))).pckChainPem();
    return quote(chain);
  }

  private static Extension extension(String arcs) {
    return new Extension("1.2.840." + arcs + "1", false, Bytes.zero(1));
  }

  private static Bytes deepSequences(int size) {
    Bytes der = Bytes.EMPTY;
    while (der.size() < size) {
      der = Der.sequence(der);
    }
    return der;
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }
}
