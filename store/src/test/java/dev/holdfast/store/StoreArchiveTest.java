package dev.holdfast.store;

import static dev.holdfast.store.SealedStoreTest.assertKind;
import static dev.holdfast.store.StoreFixture.get;
import static dev.holdfast.store.StoreFixture.put;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.StoreException.Kind;
import dev.holdfast.store.archive.ArchiveReader;
import dev.holdfast.store.archive.ArchiveWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store moved to another machine as an archive: there as it was, or not at all, and what was
/// there before is harmed by nothing.
class StoreArchiveTest {
  private static final Bytes ATTACHMENT = Bytes.utf8("beside");

  @TempDir Path folder;
  private StoreFixture fixture;

  /// Where the store is moved to.
  private Path target;

  @BeforeEach
  void setUp() throws IOException {
    fixture = new StoreFixture(folder);
    target = Files.createDirectory(folder.resolve("other")).resolve("store");
  }

  @AfterEach
  void tearDown() {
    fixture.close();
  }

  private void createWith(String... names) throws StoreException {
    try (SealedStore store = fixture.create()) {
      for (String name : names) {
        put(store, name, "of " + name);
      }
    }
  }

  private void goOn(Space space, String name) throws StoreException {
    try (SealedStore store = fixture.open()) {
      put(store, space, name, "of " + name);
    }
  }

  private byte[] export() throws StoreException {
    return export(fixture.path);
  }

  private static byte[] export(Path path) throws StoreException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StoreArchive.export(path, ATTACHMENT, out);
    return out.toByteArray();
  }

  private StoreArchive stage(byte[] archive) throws StoreException {
    return StoreArchive.stage(new ByteArrayInputStream(archive), target, Optional.empty());
  }

  private Optional<Path> place(byte[] archive) throws StoreException {
    return place(archive, fixture.rootKey);
  }

  private Optional<Path> place(byte[] archive, SecretBytes rootKey) throws StoreException {
    try (StoreArchive staged = stage(archive)) {
      return staged.place(fixture.identity, rootKey, fixture.random, CheckProgress.NONE);
    }
  }

  private SealedStore openTarget() throws StoreException {
    return SealedStore.open(target, fixture.identity, fixture.rootKey, fixture.random);
  }

  /// The store at the target has `name` and no trace of an import is beside it.
  private void assertHolds(String name) throws Exception {
    try (SealedStore store = openTarget()) {
      assertEquals(Optional.of("of " + name), get(store, name));
    }
    assertEquals(List.of("store"), beside());
  }

  private List<String> beside() throws IOException {
    try (Stream<Path> files = Files.list(target.getParent())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void archive_placedElsewhere_servesWhatWasPut() throws Exception {
    StoreWitness witness;
    Bytes derived;
    try (SealedStore store = fixture.create()) {
      put(store, "a", "replaced");
      put(store, "a", "1");
      put(store, Space.NODE, "long", "x".repeat(100_000));
      put(store, Space.LEDGER, "empty", "");
      store.reserve(Space.USER, Name.of("reserved"));
      witness = store.witness();
      derived = derive(store);
    }
    byte[] archive = export();
    try (StoreArchive staged = stage(archive)) {
      assertEquals(
          new StoreArchive.Contents(fixture.identity, List.of(1L), witness.version(), 1, 4),
          staged.contents());
      assertEquals(ATTACHMENT, staged.attachment());
      assertEquals(
          Optional.empty(),
          staged.place(fixture.identity, fixture.rootKey, fixture.random, CheckProgress.NONE));
    }
    try (SealedStore store = openTarget()) {
      assertEquals(witness, store.witness());
      assertEquals(Optional.of("1"), get(store, "a"));
      assertEquals(Optional.of("x".repeat(100_000)), get(store, Space.NODE, "long"));
      assertEquals(Optional.of(""), get(store, Space.LEDGER, "empty"));
      assertTrue(store.exists(Space.USER, Name.of("reserved")));
      assertEquals(derived, derive(store));
      put(store, "b", "2");
    }
    try (SealedStore store = openTarget()) {
      assertEquals(Optional.of("2"), get(store, "b"));
    }
    assertEquals(List.of("store"), beside());
  }

  private static Bytes derive(SealedStore store) throws StoreException {
    try (SecretBytes derived = store.deriveKey("disk", 1, 32)) {
      return derived.apply(Bytes::copyOf);
    }
  }

  @Test
  void archive_ofManyRecords_isWrittenInGroupsAndWhole() throws Exception {
    try (SealedStore store = fixture.create()) {
      for (int i = 0; i < 12; i++) {
        put(store, "n" + i, "v".repeat(1 << 20));
      }
    }
    place(export());
    try (SealedStore store = openTarget()) {
      assertEquals(12, store.list(Space.USER).size());
    }
  }

  @Test
  void archive_duringRotation_opensWithEitherKey() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "of a");
      store.addWrap(2, fixture.nextKey);
      put(store, "b", "of b");
    }
    place(export(), fixture.nextKey);
    assertHolds("a");
  }

  @Test
  void archive_written_holdsNoPlaintext() throws Exception {
    createWith("planted-name-8d1f3a6b");
    String archive = new String(export(), StandardCharsets.ISO_8859_1);
    assertFalse(archive.contains("planted-name"));
  }

  @Test
  void export_leavesTheFilesAsTheyAre() throws Exception {
    createWith("a");
    Map<String, Bytes> before = engineFiles();
    export();
    assertEquals(before, engineFiles());
  }

  private Map<String, Bytes> engineFiles() throws IOException {
    Map<String, Bytes> content = new TreeMap<>();
    try (Stream<Path> files = Files.list(fixture.path.resolve("engine"))) {
      for (Path file : files.toList()) {
        content.put(file.getFileName().toString(), Bytes.copyOf(Files.readAllBytes(file)));
      }
    }
    return content;
  }

  @Test
  void export_ofAnOpenStore_isLocked() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      assertKind(Kind.LOCKED, this::export);
    }
  }

  @Test
  void export_ofNothing_isMissing() {
    assertKind(Kind.MISSING, this::export);
  }

  @Test
  void export_toAFullDisk_isFull() throws Exception {
    createWith("a");
    try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"))) {
      assertKind(Kind.FULL, () -> StoreArchive.export(fixture.path, ATTACHMENT, full));
    }
  }

  @Test
  void archive_damagedInAnyField_isRefusedAndHarmsNothing() throws Exception {
    createWith("a");
    place(export());
    goOn(Space.USER, "b");
    byte[] good = export();
    for (int i = 0; i < good.length; i += 37) {
      byte[] bad = good.clone();
      bad[i] ^= 0x20;
      assertKind(Kind.CORRUPTED, () -> place(bad));
    }
    assertKind(Kind.CORRUPTED, () -> place(Arrays.copyOf(good, good.length - 1)));
    assertHolds("a");
  }

  @Test
  void inspect_ofAWholeArchive_saysWhatItHoldsAndOfAnotherWhatIsWrong() throws Exception {
    createWith("a", "b");
    byte[] good = export();
    StoreArchive.Inspected inspected = inspect(good);
    assertEquals(
        new StoreArchive.Contents(fixture.identity, List.of(1L), 2, 0, 2), inspected.contents());
    assertEquals(ATTACHMENT, inspected.attachment());
    byte[] bad = good.clone();
    bad[good.length / 2] ^= 1;
    assertKind(Kind.CORRUPTED, () -> inspect(bad));
    byte[] foreign =
        forged(good, entries -> entries.put(Bytes.copyOf(new byte[] {3}), new byte[64]));
    assertKind(Kind.CORRUPTED, () -> inspect(foreign));
    good[17] = 2;
    assertKind(Kind.UNSUPPORTED_VERSION, () -> inspect(good));
  }

  private static StoreArchive.Inspected inspect(byte[] archive) throws StoreException {
    return StoreArchive.inspect(new ByteArrayInputStream(archive));
  }

  @Test
  void archive_ofAnotherFormat_isRefusedAsSuch() throws Exception {
    createWith("a");
    byte[] bad = export();
    bad[17] = 2;
    assertKind(Kind.UNSUPPORTED_VERSION, () -> place(bad));
    assertEquals(List.of(), beside());
  }

  /// What somebody can do who makes checksum and count anew.
  private interface Forgery {
    void on(Map<Bytes, byte[]> entries);
  }

  private static byte[] forged(byte[] archive, Forgery forgery) throws Exception {
    Map<Bytes, byte[]> entries = entries(archive);
    forgery.on(entries);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveWriter writer = ArchiveWriter.begin(out, ATTACHMENT);
    for (Map.Entry<Bytes, byte[]> entry : entries.entrySet()) {
      writer.add(entry.getKey().toArray(), entry.getValue());
    }
    writer.finish();
    return out.toByteArray();
  }

  private static NavigableMap<Bytes, byte[]> entries(byte[] archive) throws Exception {
    NavigableMap<Bytes, byte[]> entries = new TreeMap<>();
    ArchiveReader reader = ArchiveReader.begin(new ByteArrayInputStream(archive));
    while (reader.next()) {
      entries.put(Bytes.copyOf(reader.key()), reader.value());
    }
    return entries;
  }

  @Test
  void archive_forgedWithGoodForm_isFoundByTheCheckAndHarmsNothing() throws Exception {
    createWith("a");
    byte[] before = export();
    place(before);
    try (SealedStore store = fixture.open()) {
      put(store, "a", "newer");
    }
    goOn(Space.LEDGER, "b");
    byte[] good = export();
    Bytes record = entries(before).lastKey();
    Bytes state = Bytes.copyOf(new byte[] {1});
    Map<String, Forgery> forgeries = new HashMap<>();
    forgeries.put("record removed", entries -> entries.remove(record));
    forgeries.put("record older", entries -> entries.put(record, old(before, record)));
    forgeries.put(
        "record in another space",
        entries -> {
          byte[] moved = record.toArray();
          moved[0] = 0x11;
          byte[] value = requireNonNull(entries.remove(record));
          entries.put(Bytes.copyOf(moved), value);
        });
    forgeries.put("version raised", entries -> requireNonNull(entries.get(state))[7]++);
    forgeries.put(
        "state older, version raised",
        entries -> {
          byte[] older = old(before, state);
          older[7] = 9;
          older[47] = 9;
          entries.put(state, older);
        });
    forgeries.put(
        "salt changed",
        entries -> {
          Bytes salt = entries.keySet().stream().filter(key -> key.size() == 5).findFirst().get();
          requireNonNull(entries.get(salt))[0] ^= 1;
        });
    for (Map.Entry<String, Forgery> forgery : forgeries.entrySet()) {
      byte[] bad = forged(good, forgery.getValue());
      stage(bad).close();
      assertKind(Kind.CORRUPTED, () -> place(bad));
    }
    assertHolds("a");
    assertArrayEquals(good, forged(good, entries -> {}));
  }

  private static byte[] old(byte[] archive, Bytes key) {
    try {
      return requireNonNull(entries(archive).get(key)).clone();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void archive_withEntriesOfNoStore_isRefused() throws Exception {
    createWith("a");
    byte[] good = export();
    Bytes header = Bytes.copyOf(new byte[] {0});
    Bytes state = Bytes.copyOf(new byte[] {1});
    List<Forgery> forgeries =
        List.of(
            entries -> entries.remove(header),
            entries -> entries.remove(state),
            entries -> entries.put(state, new byte[10]),
            entries -> requireNonNull(entries.get(state))[0] = (byte) 0x80,
            entries -> entries.put(Bytes.copyOf(new byte[] {3}), new byte[64]),
            entries -> entries.put(Bytes.copyOf(new byte[] {2, 0, 0, 0, 9}), new byte[31]),
            entries -> entries.put(Bytes.copyOf(new byte[17], 0, 17), new byte[64]));
    for (Forgery forgery : forgeries) {
      byte[] bad = forged(good, forgery);
      assertKind(Kind.CORRUPTED, () -> stage(bad).close());
    }
    assertEquals(List.of(), beside());
  }

  @Test
  void archive_withAnotherAccountWrittenIn_isRefusedByItsOwnersKey() throws Exception {
    createWith("a");
    byte[] bad =
        forged(
            export(),
            entries -> {
              byte[] header = requireNonNull(entries.get(Bytes.copyOf(new byte[] {0})));
              System.arraycopy(StoreFixture.account(2).toArray(), 0, header, 42, 32);
              byte[] body = Arrays.copyOf(header, header.length - 32);
              byte[] sum = Bytes.copyOf(body).sha256().toArray();
              System.arraycopy(sum, 0, header, body.length, 32);
            });
    assertKind(Kind.WRONG_ACCOUNT, () -> place(bad));
    StoreIdentity bob = new StoreIdentity(fixture.identity.storeId(), StoreFixture.account(2));
    try (StoreArchive staged = stage(bad)) {
      assertKind(
          Kind.CORRUPTED,
          () -> staged.place(bob, fixture.rootKey, fixture.random, CheckProgress.NONE));
    }
    assertEquals(List.of(), beside());
  }

  @Test
  void archive_ofAnotherAccount_isRefused() throws Exception {
    createWith("a");
    byte[] archive = export();
    ByteArrayInputStream in = new ByteArrayInputStream(archive);
    Optional<Bytes> bob = Optional.of(StoreFixture.account(2));
    assertKind(Kind.WRONG_ACCOUNT, () -> StoreArchive.stage(in, target, bob).close());
    StoreIdentity other = StoreIdentity.generate(StoreFixture.account(2), fixture.random);
    SealedStore.create(target, other, 1, fixture.rootKey, fixture.random).close();
    assertKind(Kind.WRONG_ACCOUNT, () -> place(archive));
  }

  @Test
  void archive_ofTheAccountAskedFor_isStaged() throws Exception {
    createWith("a");
    ByteArrayInputStream in = new ByteArrayInputStream(export());
    Optional<Bytes> own = Optional.of(fixture.identity.account());
    StoreArchive.stage(in, target, own).close();
    assertEquals(List.of(), beside());
  }

  @Test
  void archive_ofAnotherStoreOfTheAccount_isRefused() throws Exception {
    createWith("a");
    byte[] archive = export();
    StoreIdentity other = StoreIdentity.generate(fixture.identity.account(), fixture.random);
    SealedStore.create(target, other, 1, fixture.rootKey, fixture.random).close();
    assertKind(Kind.WRONG_STORE, () -> place(archive));
  }

  @Test
  void archive_underAnotherRootKey_isRefusedAndHarmsNothing() throws Exception {
    createWith("a");
    place(export());
    goOn(Space.USER, "b");
    byte[] archive = export();
    assertKind(Kind.WRONG_KEY, () -> place(archive, fixture.nextKey));
    assertHolds("a");
  }

  @Test
  void archive_laterThanTheStore_replacesItAndKeepsIt() throws Exception {
    createWith("a");
    assertEquals(Optional.empty(), place(export()));
    goOn(Space.USER, "b");
    Path kept = place(export()).orElseThrow();
    assertEquals(target.resolveSibling("store.replaced-1"), kept);
    goOn(Space.LEDGER, "c");
    assertEquals("store.replaced-2", place(export()).orElseThrow().getFileName().toString());
    try (SealedStore store = openTarget()) {
      assertEquals(Optional.of("of b"), get(store, "b"));
      assertEquals(Optional.of("of c"), get(store, Space.LEDGER, "c"));
    }
    try (SealedStore store =
        SealedStore.open(kept, fixture.identity, fixture.rootKey, fixture.random)) {
      assertEquals(Optional.empty(), get(store, "b"));
    }
  }

  @Test
  void archive_ofTheStoreInPlace_isThereAlready() throws Exception {
    createWith("a");
    byte[] archive = export();
    place(archive);
    assertKind(Kind.EXISTS, () -> place(archive));
    assertHolds("a");
  }

  @Test
  void archive_olderOnTheStoreSide_isRefused() throws Exception {
    createWith("a");
    byte[] older = export();
    goOn(Space.USER, "b");
    place(export());
    assertKind(Kind.ROLLED_BACK, () -> place(older));
    assertHolds("b");
  }

  @Test
  void archive_olderOnTheLedgerSideAlone_isRefused() throws Exception {
    createWith("a");
    byte[] older = export();
    goOn(Space.LEDGER, "b");
    place(export());
    assertKind(Kind.ROLLED_BACK, () -> place(older));
    assertHolds("a");
  }

  @Test
  void archive_laterInOneSideAndOlderInTheOther_isRefused() throws Exception {
    createWith("a");
    place(export());
    goOn(Space.USER, "b");
    byte[] archive = export();
    try (SealedStore store = openTarget()) {
      put(store, Space.LEDGER, "c", "of c");
    }
    assertKind(Kind.ROLLED_BACK, () -> place(archive));
    assertHolds("a");
  }

  @Test
  void archive_ofAnotherHistory_isRefused() throws Exception {
    createWith("a");
    place(export());
    goOn(Space.USER, "b");
    byte[] archive = export();
    try (SealedStore store = openTarget()) {
      put(store, "c", "of c");
    }
    assertKind(Kind.ROLLED_BACK, () -> place(archive));
    assertHolds("c");
  }

  @Test
  void import_overAnOpenStore_isLocked() throws Exception {
    createWith("a");
    place(export());
    goOn(Space.USER, "b");
    byte[] archive = export();
    try (SealedStore store = openTarget()) {
      assertKind(Kind.LOCKED, () -> place(archive));
      assertEquals(Optional.of("of a"), get(store, "a"));
    }
  }

  @Test
  void import_besideAnotherImport_isLocked() throws Exception {
    createWith("a");
    byte[] archive = export();
    try (StoreArchive staged = stage(archive)) {
      assertKind(Kind.LOCKED, () -> place(archive));
      staged.placeUnchecked();
    }
    assertHolds("a");
  }

  @Test
  void import_ontoSomethingElse_isRefused() throws Exception {
    createWith("a");
    byte[] archive = export();
    Files.createDirectory(target);
    assertKind(Kind.EXISTS, () -> place(archive));
    Files.delete(target);
    Files.writeString(target, "a file");
    assertKind(Kind.EXISTS, () -> place(archive));
    assertEquals("a file", Files.readString(target));
  }

  @Test
  void import_ontoADamagedStore_isRefusedAndLeavesIt() throws Exception {
    createWith("a");
    place(export());
    goOn(Space.USER, "b");
    byte[] archive = export();
    StoreFixture.tamper(target, db -> db.delete(new byte[] {1}));
    assertKind(Kind.CORRUPTED, () -> place(archive));
    assertEquals(List.of("store"), beside());
  }

  @Test
  void import_killedBeforeItIsPlaced_leavesTheOldStoreAndCanBeDoneAgain() throws Exception {
    createWith("a");
    place(export());
    goOn(Space.USER, "b");
    byte[] archive = export();
    Path image = folder.resolve("image");
    try (StoreArchive staged = stage(archive)) {
      assertEquals(List.of("store", "store.importing"), beside());
      copy(Objects.requireNonNull(target.getParent()), image);
      assertEquals(2, staged.contents().version());
    }
    assertHolds("a");
    target = image.resolve("store");
    try (SealedStore store = openTarget()) {
      assertEquals(Optional.empty(), get(store, "b"));
    }
    place(archive);
    try (SealedStore store = openTarget()) {
      assertEquals(Optional.of("of b"), get(store, "b"));
    }
    assertEquals(List.of("store", "store.replaced-1"), beside());
  }

  @Test
  void import_killedBetweenItsRenames_givesTheOldStoreToTheNextOpen() throws Exception {
    createWith("a");
    place(export());
    Files.move(target, target.resolveSibling("store.replacing"));
    assertKind(
        Kind.EXISTS,
        () -> SealedStore.create(target, fixture.identity, 1, fixture.rootKey, fixture.random));
    Files.move(target, target.resolveSibling("store.replacing"));
    assertHolds("a");
    Files.move(target, target.resolveSibling("store.replacing"));
    goOn(Space.USER, "b");
    place(export());
    assertEquals(List.of("store", "store.replaced-1"), beside());
  }

  @Test
  void import_killedAfterItsRenames_keepsTheReplacedStoreInTheEnd() throws Exception {
    createWith("a");
    place(export());
    copy(target, target.resolveSibling("store.replacing"));
    goOn(Space.USER, "b");
    place(export());
    assertEquals(List.of("store", "store.replaced-1", "store.replaced-2"), beside());
  }

  @Test
  void placeUnchecked_ofABadStore_isFoundByTheNextOpenWhileTheOldOneIsKept() throws Exception {
    createWith("a");
    place(export());
    goOn(Space.USER, "b");
    byte[] bad = forged(export(), entries -> entries.remove(firstRecord(entries)));
    Path kept;
    try (StoreArchive staged = stage(bad)) {
      kept = staged.placeUnchecked().orElseThrow();
    }
    assertKind(Kind.CORRUPTED, this::openTarget);
    target = kept;
    try (SealedStore store = openTarget()) {
      assertEquals(Optional.of("of a"), get(store, "a"));
    }
  }

  private static Bytes firstRecord(Map<Bytes, byte[]> entries) {
    return entries.keySet().stream().filter(key -> key.size() == 17).findFirst().orElseThrow();
  }

  @Test
  void folders_ofAnImport_areTheOwnersOnly() throws Exception {
    createWith("a");
    try (StoreArchive staged = stage(export())) {
      assertOwnerOnly(target.resolveSibling("store.importing"));
      staged.placeUnchecked();
      assertOwnerOnly(target);
      assertOwnerOnly(target.resolve("engine"));
    }
  }

  private static void assertOwnerOnly(Path path) throws IOException {
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
