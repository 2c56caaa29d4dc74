package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.attestation.tcb.EvaluationNumbers;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.Pem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EvaluationNumbersTest {
  private static final String DATE = "2026-11-01T00:00:00Z";

  @Test
  void numbers_signed_areReadNewestFirst() {
    EvaluationNumbers numbers =
        read(document(recovery(17), recovery(19), recovery(18))).orElseThrow();

    assertEquals(Tee.TDX, numbers.tee());
    assertEquals(Instant.parse(DATE), numbers.issueDate());
    assertEquals(
        List.of(19, 18, 17),
        numbers.recoveries().stream().map(EvaluationNumbers.Recovery::number).toList());
    assertEquals(Instant.parse(DATE), numbers.recoveries().getFirst().tcbDate());
  }

  @ParameterizedTest
  @CsvSource({
    "\"version\":1, \"version\":2",
    "\"id\":\"TDX\", \"id\":\"QE\"",
    "2026-11-01T00:00:00Z, 2026-11-01",
    "tcbEvalNumbers, tcbNumbers",
    "18, -1",
    "18, 17",
    "tcbDate, tcbdate",
  })
  void numbers_otherForm_areNone(String from, String to) {
    String document = document(recovery(17), recovery(18));
    assertTrue(read(document).isPresent());
    assertEquals(Optional.empty(), read(document.replace(from, to)));
  }

  @Test
  void numbers_atLimitAndOnePast_areReadAndNone() {
    assertTrue(read(many(256)).isPresent());
    assertEquals(Optional.empty(), read(many(257)));
  }

  private static String many(int count) {
    return document(
        IntStream.range(0, count)
            .mapToObj(EvaluationNumbersTest::recovery)
            .collect(Collectors.joining(",")));
  }

  @Test
  void numbers_changedAfterSigning_areNone() {
    String document = document(recovery(17));
    assertEquals(
        Optional.empty(),
        Situation.VERIFIER.evaluationNumbers(
            chain(Situation.VENDOR, Authority.TCB_SIGNING),
            document.replace("17", "18"),
            sign(Authority.TCB_SIGNING, document)));
  }

  @Test
  void numbers_signedByAnotherRole_areNone() {
    String document = document(recovery(17));
    assertEquals(
        Optional.empty(),
        Situation.VERIFIER.evaluationNumbers(
            chain(Situation.VENDOR, Authority.PLATFORM_CA),
            document,
            sign(Authority.PLATFORM_CA, document)));
  }

  @Test
  void numbers_ofAnotherRoot_areNone() {
    String document = document(recovery(17));
    assertEquals(
        Optional.empty(),
        AttestationVerifier.of(Situation.anchor(Situation.OTHER_VENDOR))
            .evaluationNumbers(
                chain(Situation.VENDOR, Authority.TCB_SIGNING),
                document,
                sign(Authority.TCB_SIGNING, document)));
  }

  private static Optional<EvaluationNumbers> read(String document) {
    return Situation.VERIFIER.evaluationNumbers(
        chain(Situation.VENDOR, Authority.TCB_SIGNING),
        document,
        sign(Authority.TCB_SIGNING, document));
  }

  private static String chain(DevelopmentVendor vendor, Authority signer) {
    return Pem.chain(List.of(vendor.certificate(signer), vendor.certificate(Authority.ROOT)));
  }

  private static String sign(Authority signer, String document) {
    Bytes bytes = Bytes.copyOf(document.getBytes(StandardCharsets.UTF_8));
    return Situation.VENDOR.key(signer).sign(bytes).toHex();
  }

  private static String document(String... recoveries) {
    return "{\"id\":\"TDX\",\"version\":1,\"issueDate\":\"%s\",\"nextUpdate\":\"%s\",%s:[%s]}"
        .formatted(DATE, DATE, "\"tcbEvalNumbers\"", String.join(",", recoveries));
  }

  private static String recovery(int number) {
    return "{\"tcbEvaluationDataNumber\":%d,\"tcbRecoveryEventDate\":\"%s\",\"tcbDate\":\"%s\"}"
        .formatted(number, DATE, DATE);
  }
}
