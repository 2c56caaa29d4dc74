package dev.holdfast.store;

import static dev.holdfast.store.SealedStoreTest.assertKind;
import static dev.holdfast.store.StoreFixture.get;
import static dev.holdfast.store.StoreFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.StoreException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which store is opened, by whom, with which key; and what lies in its files.
class StoreFolderTest {
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
  void open_ofNothing_isMissingAndCreatesNothing() throws Exception {
    assertKind(Kind.MISSING, fixture::open);
    assertFalse(Files.exists(fixture.path));
    Files.createDirectory(fixture.path);
    assertKind(Kind.MISSING, fixture::open);
    try (Stream<Path> files = Files.list(fixture.path)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void open_afterTheFolderWasDeleted_isMissing() throws Exception {
    fixture.create().close();
    deleteTree(fixture.path);
    assertKind(Kind.MISSING, fixture::open);
  }

  @Test
  void open_withoutAnyOneEngineFile_isCorrupted() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
    }
    fixture.open().close();
    int damaging = 0;
    for (String name : engineFiles()) {
      Path file = fixture.path.resolve("engine").resolve(name);
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      if (content.length > 0 && name.matches("CURRENT|MANIFEST.*|.*\\.sst")) {
        damaging++;
        assertKind(Kind.CORRUPTED, () -> fixture.open().close());
        Files.write(file, content);
      }
    }
    assertTrue(damaging >= 3, "CURRENT, MANIFEST and a table");
  }

  @Test
  void create_overAnything_isRefused() throws Exception {
    fixture.create().close();
    assertKind(Kind.EXISTS, fixture::create);
    fixture.open().close();

    StoreFixture other = new StoreFixture(folder.resolve("sub"));
    Files.createDirectories(other.path);
    assertKind(Kind.EXISTS, other::create);
    try (Stream<Path> files = Files.list(other.path.resolve(".."))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void create_afterAnUnfinishedOne_succeeds() throws Exception {
    Path unfinished = folder.resolve("store.creating");
    Files.createDirectories(unfinished.resolve("engine"));
    Files.writeString(unfinished.resolve("engine").resolve("CURRENT"), "rubbish");
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
    }
    assertFalse(Files.exists(unfinished));
    fixture.open().close();
  }

  @Test
  void create_whileAnotherCreates_isLocked() throws Exception {
    try (StoreFolder unfinished = StoreFolder.createBeside(fixture.path)) {
      assertTrue(Files.isDirectory(unfinished.engine()));
      assertKind(Kind.LOCKED, fixture::create);
    }
  }

  @Test
  void open_twice_isLocked() throws Exception {
    try (SealedStore store = fixture.create()) {
      assertKind(Kind.LOCKED, fixture::open);
      assertKind(Kind.EXISTS, fixture::create);
      put(store, "a", "1");
    }
    try (SealedStore store = fixture.open()) {
      assertKind(Kind.LOCKED, fixture::open);
      assertEquals(Optional.of("1"), get(store, "a"));
    }
  }

  @Test
  void open_underAnotherKey_isWrongKeyAndHarmless() throws Exception {
    fixture.create().close();
    try (SecretBytes wrong = SecretBytes.generate(32, fixture.random)) {
      assertKind(
          Kind.WRONG_KEY,
          () -> SealedStore.open(fixture.path, fixture.identity, wrong, fixture.random));
    }
    fixture.open().close();
  }

  @Test
  void open_asAnotherAccountOrStore_isToldApart() throws Exception {
    fixture.create().close();
    StoreIdentity otherAccount =
        new StoreIdentity(fixture.identity.storeId(), StoreFixture.account(2));
    StoreIdentity otherStore = StoreIdentity.generate(fixture.identity.account(), fixture.random);
    assertKind(
        Kind.WRONG_ACCOUNT,
        () -> SealedStore.open(fixture.path, otherAccount, fixture.rootKey, fixture.random));
    assertKind(
        Kind.WRONG_STORE,
        () -> SealedStore.open(fixture.path, otherStore, fixture.rootKey, fixture.random));
  }

  @Test
  void store_movedIntoAnotherAccountsPlace_isRefused() throws Exception {
    fixture.create().close();
    StoreFixture victim = new StoreFixture(folder.resolve("sub"));
    Files.createDirectories(folder.resolve("sub"));
    Files.move(fixture.path, victim.path);
    StoreIdentity bob = new StoreIdentity(victim.identity.storeId(), StoreFixture.account(2));
    assertKind(
        Kind.WRONG_ACCOUNT,
        () -> SealedStore.open(victim.path, bob, victim.rootKey, victim.random));
  }

  @Test
  void store_movedToAnotherPath_opens() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
    }
    Path moved = folder.resolve("moved");
    Files.move(fixture.path, moved);
    try (SealedStore store =
        SealedStore.open(moved, fixture.identity, fixture.rootKey, fixture.random)) {
      assertEquals(Optional.of("1"), get(store, "a"));
    }
  }

  @Test
  void files_scannedForPlantedPlaintext_holdNone() throws Exception {
    String name = "planted-name-8d1f3a6b";
    String value = "planted-value-".repeat(40);
    try (SealedStore store = fixture.create()) {
      for (Space space : Space.values()) {
        put(store, space, name, value);
      }
      assertNotInFiles(name, "planted-value");
      put(store, name, value + "2");
    }
    assertNotInFiles(name, "planted-value");
    fixture.open().close();
    assertNotInFiles(name, "planted-value");
    assertTrue(isInFiles(fixture.identity.account().toArray()), "the scan finds what is readable");
  }

  @Test
  void files_scannedForRootKey_holdNone() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
    }
    assertFalse(isInFiles(fixture.rootKey.apply(byte[]::clone)));
  }

  @Test
  void folder_isTheOwnersOnly() throws Exception {
    fixture.create().close();
    for (Path path : List.of(fixture.path, fixture.path.resolve("engine"))) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }
  }

  @Test
  void create_withoutParentFolder_failsAndLeavesNothing() {
    StoreFixture orphan = new StoreFixture(folder.resolve("no").resolve("where"));
    StoreException e = assertThrows(StoreException.class, orphan::create);
    assertEquals(Kind.FAILED, e.kind());
    assertFalse(Files.exists(folder.resolve("no")));
  }

  private List<String> engineFiles() throws IOException {
    try (Stream<Path> files = Files.list(fixture.path.resolve("engine"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void assertNotInFiles(String... texts) throws IOException {
    for (String text : texts) {
      assertFalse(isInFiles(text.getBytes(StandardCharsets.UTF_8)), text);
    }
  }

  private boolean isInFiles(byte[] wanted) throws IOException {
    String needle = new String(wanted, StandardCharsets.ISO_8859_1);
    try (Stream<Path> files = Files.walk(fixture.path)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (content.contains(needle) || file.toString().contains(needle)) {
          return true;
        }
      }
    }
    return false;
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// A lock belongs to the process: whatever closes another channel on its file gives it up.
  @Test
  void secondOpen_inThisProcess_leavesTheLockToTheFirst() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      long before = locksOfThisStore();
      for (int i = 0; i < 3; i++) {
        assertKind(Kind.LOCKED, fixture::open);
        System.gc();
      }
      assertEquals(1, before);
      assertEquals(before, locksOfThisStore());
      assertEquals(Optional.of("1"), get(store, "a"));
    }
    fixture.open().close();
  }

  // As the kernel lists them: `1: POSIX ADVISORY WRITE pid major:minor:inode start end`.
  private long locksOfThisStore() throws IOException {
    String inode = ":" + Files.getAttribute(fixture.path.resolve("lock"), "unix:ino") + " ";
    try (Stream<String> locks = Files.lines(Path.of("/proc/locks"))) {
      return locks.filter(lock -> lock.contains(inode)).count();
    }
  }
}
