package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.tcb.TcbAppraisal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every recorded case, with the expectations of an independent verifier and of the vendor's
/// library.
class CasesTest {
  @BeforeEach
  void assumeVectors() {
    Vectors.assumePresent();
  }

  @TestFactory
  Stream<DynamicTest> intelRoot_everyCase_hasExpectedVerdict() {
    AttestationVerifier verifier = AttestationVerifier.of(TrustAnchor.intel());
    return Vectors.cases("cases.json").stream()
        .map(item -> dynamicTest(item.name(), () -> assertExpected(item, verifier)));
  }

  @TestFactory
  Stream<DynamicTest> otherRoots_everyCase_hasExpectedVerdict() {
    return Vectors.cases("cases-other-roots.json").stream()
        .map(item ->
            dynamicTest(
                item.name(), () -> assertExpected(item, AttestationVerifier.of(item.anchor()))));
  }

  @TestFactory
  Stream<DynamicTest> datesLeftOut_caseWithThatExpectation_hasExpectedStatus() {
    AttestationVerifier verifier = AttestationVerifier.of(TrustAnchor.intel());
    return Vectors.cases("cases.json").stream()
        .filter(item -> item.expected().lenientTime().isPresent())
        .map(item -> dynamicTest(item.name(), () -> assertLenient(item, verifier)));
  }

  @Test
  void caseFiles_whole_holdAllCases() {
    assertEquals(372, Vectors.cases("cases.json").size());
    assertEquals(10, Vectors.cases("cases-other-roots.json").size());
  }

  /// Prints what came out of every case beside what should.
  @Test
  void table_ofAllCases_isPrinted() {
    List<String> rows = new ArrayList<>();
    for (String file : List.of("cases.json", "cases-other-roots.json")) {
      for (Vectors.Case item : Vectors.cases(file)) {
        rows.add(row(item, verify(item, AttestationVerifier.of(item.anchor()))));
      }
    }
    System.out.println("case | signatures | TCB status | reason | may be");
    rows.forEach(System.out::println);
    assertEquals(382, rows.size());
  }

  private static String row(Vectors.Case item, Verdict verdict) {
    Outcome outcome =
        switch (verdict) {
          case Verdict.Accepted accepted ->
              new Outcome(Signatures.VALID, Optional.of(accepted.tcb()), "accepted");
          case Verdict.Rejected rejected ->
              new Outcome(rejected.signatures(), rejected.tcb(), rejected.reason().code());
        };
    return "%s | %s | %s | %s | %s"
        .formatted(
            item.name(),
            outcome.signatures().code(),
            outcome.tcb().map(tcb -> tcb.status().code()).orElse("-"),
            outcome.reason(),
            item.expected().reasons());
  }

  private record Outcome(Signatures signatures, Optional<TcbAppraisal> tcb, String reason) {}

  private static void assertExpected(Vectors.Case item, AttestationVerifier verifier) {
    Verdict cold = verify(item, verifier);
    assertEquals(cold, verify(item, verifier), "a second, warm verification");
    Vectors.Expected expected = item.expected();
    switch (cold) {
      case Verdict.Accepted accepted ->
          assertAll(
              () -> assertEquals(List.of(), expected.reasons()),
              () -> assertEquals(Optional.of("valid"), expected.signatures()),
              () -> assertTcb(expected, Optional.of(accepted.tcb())));
      case Verdict.Rejected rejected ->
          assertAll(
              rejected.detail(),
              () ->
                  assertTrue(
                      expected.reasons().contains(rejected.reason().code()),
                      () -> rejected.reason().code() + " is not among " + expected.reasons()),
              () -> assertSignatures(expected, rejected.signatures()),
              () -> assertTcb(expected, rejected.tcb()));
    }
  }

  private static Verdict verify(Vectors.Case item, AttestationVerifier verifier) {
    return verifier.verify(
        item.quote(), item.collateral(), AttestationPolicy.defaults(), item.at());
  }

  private static void assertSignatures(Vectors.Expected expected, Signatures found) {
    boolean mayStopEarlier = expected.tcbStatus().isEmpty() && found == Signatures.NOT_CHECKED;
    if (expected.signatures().isPresent() && !mayStopEarlier) {
      assertEquals(expected.signatures().get(), found.code());
    }
  }

  private static void assertTcb(Vectors.Expected expected, Optional<TcbAppraisal> found) {
    assertEquals(expected.tcbStatus(), found.map(tcb -> tcb.status().code()));
    assertEquals(expected.advisoryIds(), found.map(TcbAppraisal::advisoryIds).orElse(List.of()));
  }

  private static void assertLenient(Vectors.Case item, AttestationVerifier verifier) {
    Vectors.Lenient expected = item.expected().lenientTime().orElseThrow();
    Optional<TcbAppraisal> found =
        verifier.appraise(item.quote(), item.collateral(), item.at()).tcbIgnoringDates();
    assertEquals(expected.tcbStatus(), found.map(tcb -> tcb.status().code()));
    assertEquals(expected.advisoryIds(), found.map(TcbAppraisal::advisoryIds).orElse(List.of()));
  }
}
