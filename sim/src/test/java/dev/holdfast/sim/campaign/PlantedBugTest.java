package dev.holdfast.sim.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The simulation finds what was put there to be found. `./dev sim --planted` hunts all of them.
final class PlantedBugTest {
  private static final Path ROOT = Path.of(System.getProperty("holdfast.root", "..")).normalize();

  @TestFactory
  Stream<DynamicTest> everyBug_planted_compiles() {
    return Stream.of(PlantedBug.values())
        .map(bug -> DynamicTest.dynamicTest(bug.code(), () -> Mutant.of(ROOT, bug)));
  }

  @Test
  void quickBugs_planted_areFound() throws IOException {
    Optional<PlantedBug.Find> sharing = PlantedBug.FEWER_SHARES_COMBINE.hunt(1, 1);
    Optional<PlantedBug.Find> secret = PlantedBug.DEPOSIT_NOT_SEALED.hunt(1, 1);

    assertTrue(sharing.orElseThrow().what().contains("give the key already"), sharing::toString);
    assertTrue(secret.orElseThrow().what().contains("stands in the open"), secret::toString);
  }

  @Test
  void copyWithoutABug_isFoundToHold() throws IOException {
    assertEquals(
        "", Mutant.of(ROOT, "node", "Birth", "final class Birth", "final class Birth").hunt(1, 1));
  }

  @Test
  void changeOfTextThatIsNotThere_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Mutant.of(ROOT, "node", "Birth", "no such text", ""));
  }
}
