package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// A situation with exactly one thing wrong in it and the one reason that this must give. All else
/// is validly signed.
record Defect(String name, Reason reason, Signatures signatures, Situation situation) {
  /// Something is not authentic.
  static Defect forged(String name, Reason reason, Situation situation) {
    return new Defect(name, reason, Signatures.INVALID, situation);
  }

  /// All is authentic, something else is wrong.
  static Defect genuine(String name, Reason reason, Situation situation) {
    return new Defect(name, reason, Signatures.VALID, situation);
  }

  static Stream<DynamicTest> tests(List<Defect> defects) {
    return defects.stream()
        .map(defect -> dynamicTest(defect.reason.code() + ": " + defect.name, defect::verify));
  }

  private void verify() {
    Verdict cold = situation.verdict(AttestationVerifier.of(Situation.ANCHOR));
    Verdict.Rejected rejected = assertInstanceOf(Verdict.Rejected.class, cold);
    assertAll(
        rejected.detail(),
        () -> assertEquals(reason, rejected.reason()),
        () -> assertEquals(signatures, rejected.signatures()),
        () -> assertFalse(rejected.detail().isBlank()),
        () -> assertEquals(cold, situation.verdict(), "with what the shared verifier remembers"));
  }
}
