package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers.Recovery;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.pki.Authority;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The list of TCB recoveries. Spec: docs/spec/attestation.md#tcb-evaluation-numbers
class EvaluationNumbersTest {
  private static final String DOCUMENT =
      """
      {"id":"TDX","version":1,"issueDate":"2026-11-23T00:00:00Z",\
      "nextUpdate":"2026-12-20T00:00:00Z","tcbEvalNumbers":[\
      {"tcbEvaluationDataNumber":18,"tcbRecoveryEventDate":"2024-11-12T00:00:00Z",\
      "tcbDate":"2024-11-13T00:00:00Z"},\
      {"tcbEvaluationDataNumber":19,"tcbRecoveryEventDate":"2026-11-10T00:00:00Z",\
      "tcbDate":"2026-11-11T00:00:00Z"}]}\
      """;
  private static final String CHAIN = chain(Situation.VENDOR.collateral(Situation.TDX));

  @Test
  void numbers_signedByTheVendor_areReadNewestFirst() {
    TcbEvaluationNumbers numbers = verify(DOCUMENT, Situation.NOW).orElseThrow();
    assertEquals(Tee.TDX, numbers.tee());
    assertEquals(List.of(19, 18), numbers.recoveries().stream().map(Recovery::number).toList());
    assertEquals(Instant.parse("2026-11-10T00:00:00Z"), numbers.find(19).orElseThrow().eventDate());
    assertEquals(Optional.empty(), numbers.find(17));
  }

  @Test
  void numbers_notInDate_areNotRead() {
    Instant issued = Instant.parse("2026-11-23T00:00:00Z");
    Instant end = Instant.parse("2026-12-20T00:00:00Z");
    assertTrue(verify(DOCUMENT, issued).isPresent());
    assertTrue(verify(DOCUMENT, end).isPresent());
    assertEquals(Optional.empty(), verify(DOCUMENT, issued.minusSeconds(1)));
    assertEquals(Optional.empty(), verify(DOCUMENT, end.plusSeconds(1)));
    assertEquals(Optional.empty(), verify(DOCUMENT, end.plus(Duration.ofDays(3650))));
  }

  @Test
  void numbers_signedByAnotherOrInAnotherRole_areNotRead() {
    Bytes text = ascii(DOCUMENT);
    Bytes signature = Situation.VENDOR.key(Authority.TCB_SIGNING).sign(text);
    Bytes byCa = Situation.VENDOR.key(Authority.PLATFORM_CA).sign(text);
    Collateral collateral = Situation.tdx().parsed();
    assertEquals(Optional.empty(), verify(text, byCa, CHAIN, collateral));
    Bytes changed = ascii(DOCUMENT.replace("2024-11-13", "2024-11-14"));
    assertEquals(Optional.empty(), verify(changed, signature, CHAIN, collateral));
    String other = chain(Situation.OTHER_VENDOR.collateral(Situation.TDX));
    assertEquals(Optional.empty(), verify(text, signature, other, collateral));
    assertEquals(
        Optional.empty(), verify(text, signature, CHAIN, Collateral.none()), "no root CRL");
  }

  @Test
  void numbers_ofARevokedSigner_areNotRead() {
    Bytes text = ascii(DOCUMENT);
    Bytes signature = Situation.VENDOR.key(Authority.TCB_SIGNING).sign(text);
    Collateral revoking =
        Situation.collateral(c ->
                c.withRootCrl(
                    crl -> crl.withRevoked(Situation.VENDOR.serial(Authority.TCB_SIGNING))))
            .parsed();
    assertEquals(Optional.empty(), verify(text, signature, CHAIN, revoking));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"version\":1=>\"version\":2",
        "\"id\":\"TDX\"=>\"id\":\"SEV\"",
        "Number\":19=>Number\":18",
        "Number\":19=>Number\":-1",
        "\"tcbDate\":\"2026-11-11T00:00:00Z\"=>\"tcbDate\":\"2026-11-11\"",
        "tcbEvalNumbers=>tcbNumbers"
      })
  void document_inAnotherForm_refused(String change) {
    String[] parts = change.split("=>", -1);
    String changed = DOCUMENT.replace(parts[0], parts[1]);
    assertThrows(MalformedException.class, () -> TcbEvaluationNumbers.parse(ascii(changed)));
    assertEquals(Optional.empty(), verify(changed, Situation.NOW));
  }

  @Test
  void numbers_asRecorded_areReadUnderIntelsRoot() throws MalformedException {
    Vectors.assumePresent();
    String folder = "pcs-replies/intel-2025-05-27/";
    Bytes body = Vectors.bytes(folder + "tdx-v4-tcbevaluationdatanumbers.json");
    JsonObject reply = Json.parse(body).asObject();
    JsonObject inner = reply.object("tcbEvaluationDataNumbers");
    String header =
        new String(
                Vectors.bytes(folder + "tdx-v4-tcbevaluationdatanumbers.json.headers.txt")
                    .toArray(),
                StandardCharsets.US_ASCII)
            .lines()
            .filter(line -> line.startsWith("TCB-Evaluation-Data-Numbers-Issuer-Chain: "))
            .map(line -> URLDecoder.decode(line.split(": ", 2)[1], StandardCharsets.US_ASCII))
            .findFirst()
            .orElseThrow();
    TcbEvaluationNumbers numbers =
        AttestationVerifier.of(TrustAnchor.intel())
            .evaluationNumbers(
                text(body.slice(inner.start(), inner.end() - inner.start())),
                reply.string("signature"),
                header,
                Vectors.collateral("assembled-tdx-00806f05-2025-05"),
                Instant.parse("2025-05-28T00:00:00Z"))
            .orElseThrow();
    assertEquals(List.of(19, 18, 17), numbers.recoveries().stream().map(Recovery::number).toList());
  }

  private static Optional<TcbEvaluationNumbers> verify(String document, Instant at) {
    Bytes signature = Situation.VENDOR.key(Authority.TCB_SIGNING).sign(ascii(document));
    return Situation.VERIFIER.evaluationNumbers(
        document, signature.toHex(), CHAIN, Situation.tdx().parsed(), at);
  }

  private static Optional<TcbEvaluationNumbers> verify(
      Bytes document, Bytes signature, String chain, Collateral collateral) {
    return Situation.VERIFIER.evaluationNumbers(
        text(document), signature.toHex(), chain, collateral, Situation.NOW);
  }

  private static String chain(Bytes collateral) {
    try {
      return Json.parse(collateral).asObject().string("tcb_info_issuer_chain");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.US_ASCII);
  }

  private static Bytes ascii(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }
}
