package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
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

  @Test
  void page_ofReasons_hasExactlyOneLineForEach() throws IOException {
    List<String> described =
        page().stream().map(line -> line.substring(3, line.indexOf('`', 3))).toList();
    assertEquals(Stream.of(Reason.values()).map(Reason::code).toList(), described);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void page_ofReasons_saysWhatToDoInTheSameWords(Reason reason) throws IOException {
    String action = reason.action();
    String sentence = Character.toUpperCase(action.charAt(0)) + action.substring(1) + ".";
    String start = "| `" + reason.code() + "` |";
    assertTrue(
        page().stream().anyMatch(line -> line.startsWith(start) && line.contains(" | " + sentence)),
        sentence);
  }

  private static List<String> page() throws IOException {
    Path page = Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/reasons.md");
    return Files.readAllLines(page).stream().filter(line -> line.startsWith("| `")).toList();
  }
}
