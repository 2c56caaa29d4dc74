package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {
  @Test
  void reasons_all_haveADefectThatGivesThem() {
    Set<Reason> covered = EnumSet.noneOf(Reason.class);
    Stream.of(
            QuoteDefectsTest.defects(),
            CertificateDefectsTest.defects(),
            DocumentDefectsTest.defects(),
            StatusTest.defects(),
            PolicyTest.defects())
        .flatMap(defects -> defects.stream())
        .forEach(defect -> covered.add(defect.reason()));
    assertEquals(Set.of(), EnumSet.complementOf(EnumSet.copyOf(covered)));
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void code_ofEveryReason_namesIt(Reason reason) {
    assertEquals(Optional.of(reason), Reason.of(reason.code()));
  }

  @Test
  void code_unknown_namesNothing() {
    assertEquals(Optional.empty(), Reason.of("MALFORMED_QUOTE"));
  }
}
