package dev.holdfast.store;

import static dev.holdfast.store.SealedStoreTest.assertKind;
import static dev.holdfast.store.StoreFixture.get;
import static dev.holdfast.store.StoreFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.store.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of the engine that lost or changed bytes. What they held comes back whole or is refused;
/// only an end that a crash could have left is an earlier version, which a witness tells.
class FileDamageTest {
  private static final int RECORDS = 30;

  @TempDir Path folder;
  private StoreFixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new StoreFixture(folder);
  }

  @AfterEach
  void tearDown() {
    fixture.close();
  }

  @Test
  void log_cutAnywhere_givesAnEarlierVersionWhole() throws Exception {
    StoreWitness last = crashImage();
    Path log = largestFile(".log");
    byte[] whole = Files.readAllBytes(log);
    long before = RECORDS;
    for (int size = whole.length; size > 0; size -= 1 + whole.length / 23) {
      Files.write(log, Arrays.copyOf(whole, size));
      long version = versionOfCopy(last);
      assertTrue(version <= before, "a shorter log has no later version");
      assertTrue(size == whole.length ? version == RECORDS : version < RECORDS);
      before = version;
    }
  }

  @Test
  void log_withZerosBehind_losesNothing() throws Exception {
    StoreWitness last = crashImage();
    Path log = largestFile(".log");
    byte[] whole = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(whole, whole.length + 5_000));
    assertEquals(RECORDS, versionOfCopy(last));
  }

  @Test
  void log_byteFlipped_isCorruptedOrAnEarlierVersionWhole() throws Exception {
    StoreWitness last = crashImage();
    Path log = largestFile(".log");
    byte[] whole = Files.readAllBytes(log);
    int corrupted = 0;
    for (int i = 0; i < whole.length; i += 1 + whole.length / 41) {
      byte[] bad = whole.clone();
      bad[i] ^= 0x10;
      Files.write(log, bad);
      corrupted += versionOfCopy(last) < 0 ? 1 : 0;
    }
    assertTrue(corrupted > 30, "found " + corrupted);
  }

  @Test
  void table_byteFlipped_isCorruptedOrHarmless() throws Exception {
    StoreWitness last = tables();
    int corrupted = 0;
    for (String part : List.of(".sst", "CURRENT")) {
      for (long version : versionsOfFlipped(largestFile(part), last)) {
        assertTrue(version == -1 || version == RECORDS, part);
        corrupted += version == -1 ? 1 : 0;
      }
    }
    assertTrue(corrupted > 25, "found " + corrupted);
    assertEquals(RECORDS, versionOfCopy(last));
  }

  @Test
  void manifest_byteFlipped_isCorruptedOrAnEarlierVersionWhole() throws Exception {
    StoreWitness last = tables();
    List<Long> versions = versionsOfFlipped(largestFile("MANIFEST-"), last);
    assertTrue(versions.stream().filter(version -> version == -1).count() > 10, "" + versions);
    assertEquals(RECORDS, versionOfCopy(last));
  }

  // A crash image opened once: that turned the log into a table.
  private StoreWitness tables() throws Exception {
    StoreWitness last = crashImage();
    try (SealedStore store = fixture.open()) {
      assertEquals(last, store.witness());
    }
    return last;
  }

  // What each of some twenty damaged forms of `file` opens as; the file is whole again after.
  private List<Long> versionsOfFlipped(Path file, StoreWitness last) throws Exception {
    List<Long> versions = new ArrayList<>();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i += 1 + whole.length / 20) {
      byte[] bad = whole.clone();
      bad[i] ^= 0x10;
      Files.write(file, bad);
      versions.add(versionOfCopy(last));
    }
    Files.write(file, whole);
    return versions;
  }

  @Test
  void folder_replacedByAnOlderCopy_isRolledBackToThoseWhoRemember() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
    }
    Path copy = folder.resolve("copy");
    copyTree(fixture.path, copy);
    StoreWitness last;
    try (SealedStore store = fixture.open()) {
      put(store, "a", "2");
      last = store.witness();
    }
    try (SealedStore older =
        SealedStore.open(copy, fixture.identity, fixture.rootKey, fixture.random)) {
      assertKind(Kind.ROLLED_BACK, () -> older.requireAtLeast(last));
      put(older, "a", "3");
      assertEquals(last.version(), older.witness().version());
      assertKind(Kind.ROLLED_BACK, () -> older.requireAtLeast(last));
    }
  }

  // Leaves in the fixture's place what a crash right after the last write would leave.
  private StoreWitness crashImage() throws Exception {
    StoreWitness last;
    Path image = folder.resolve("image");
    try (SealedStore store = fixture.create()) {
      for (int i = 0; i < RECORDS; i++) {
        put(store, "name " + i, "value " + i);
      }
      last = store.witness();
      copyTree(fixture.path, image);
    }
    deleteTree(fixture.path);
    Files.move(image, fixture.path);
    return last;
  }

  // Opens a copy: the version it has, with exactly the records of that version; -1 when refused.
  private long versionOfCopy(StoreWitness last) throws Exception {
    Path copy = folder.resolve("copy");
    copyTree(fixture.path, copy);
    try (SealedStore store =
        SealedStore.open(copy, fixture.identity, fixture.rootKey, fixture.random)) {
      long version = store.witness().version();
      assertEquals(version, store.list(Space.USER).size());
      for (int i = 0; i < version; i++) {
        assertEquals(Optional.of("value " + i), get(store, "name " + i));
      }
      assertFalse(store.exists(Space.USER, Name.of("name " + version)));
      if (version < last.version()) {
        assertKind(Kind.ROLLED_BACK, () -> store.requireAtLeast(last));
      }
      return version;
    } catch (StoreException e) {
      assertEquals(Kind.CORRUPTED, e.kind(), e.getMessage());
      return -1;
    } finally {
      deleteTree(copy);
    }
  }

  // The largest file whose name starts or ends like this.
  private Path largestFile(String part) throws IOException {
    try (Stream<Path> files = Files.list(fixture.path.resolve("engine"))) {
      List<Path> found =
          files
              .filter(file -> {
                String name = file.getFileName().toString();
                return name.endsWith(part) || name.startsWith(part);
              })
              .sorted(Comparator.comparing((Path file) -> file.toFile().length()).reversed())
              .toList();
      return found.getFirst();
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
