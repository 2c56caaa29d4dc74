package dev.holdfast.fuzz;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.codec.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every input that fuzzing kept, and what it starts from, run again.
class CorpusTest {
  @TestFactory
  Stream<DynamicTest> corpus_everyInput_isNoFind() {
    return Stream.of(Target.values())
        .flatMap(target ->
            files(target)
                .map(file ->
                    dynamicTest(
                        target.code() + "/" + file.getFileName(),
                        () -> assertDoesNotThrow(() -> target.run(bytes(file))))));
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void seeds_everyTarget_areNoFinds(Target target) {
    List<Bytes> seeds = target.seeds();
    assertTrue(seeds.size() > 1, "a target starts from something");
    for (Bytes seed : seeds) {
      assertTrue(seed.size() <= target.maxSize(), "the fuzzer takes its seeds whole");
      assertDoesNotThrow(() -> target.run(seed));
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void corpus_everyTarget_isSmallAndNotEmpty(Target target) {
    long size = files(target).mapToLong(file -> bytes(file).size()).sum();
    assertTrue(size > 0 && size <= Target.CORPUS_MAX_SIZE, target.code() + ": " + size + " bytes");
    assertTrue(files(target).count() <= Target.CORPUS_MAX_FILES, target.code() + ": many files");
  }

  @Test
  void find_brokenPromise_isThrown() {
    assertThrows(Find.class, () -> Find.unless(false, "canary"));
  }

  @Test
  void work_tooMuchAllocated_isAFind() {
    assertThrows(
        Find.class,
        () ->
            Work.bounded(() -> {
              long total = 0;
              for (int i = 0; i <= Work.MAX_ALLOCATED_BYTES >> 20; i++) {
                total += new byte[1 << 20].length;
              }
              assertTrue(total > Work.MAX_ALLOCATED_BYTES);
            }));
  }

  private static Stream<Path> files(Target target) {
    try (Stream<Path> files = Files.list(target.corpus())) {
      return files.sorted(Comparator.naturalOrder()).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Bytes bytes(Path file) {
    try {
      return Bytes.copyOf(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
