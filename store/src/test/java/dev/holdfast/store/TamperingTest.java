package dev.holdfast.store;

import static dev.holdfast.store.SealedStoreTest.assertKind;
import static dev.holdfast.store.StoreFixture.get;
import static dev.holdfast.store.StoreFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.StoreException.Kind;
import dev.holdfast.store.keys.SealId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// Everything the disk's owner can do to single records, with the engine's own checksums in order.
class TamperingTest {
  private static final byte[] HEADER_KEY = {0};
  private static final byte[] STATE_KEY = {1};
  private static final byte SALT_PREFIX = 2;

  @TempDir Path folder;
  private StoreFixture fixture;

  @BeforeEach
  void setUp() throws StoreException {
    fixture = new StoreFixture(folder);
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      put(store, "b", "2");
      put(store, Space.NODE, "a", "3");
      put(store, Space.LEDGER, "a", "4");
    }
  }

  @AfterEach
  void tearDown() {
    fixture.close();
  }

  @Test
  void store_untouched_opens() throws Exception {
    fixture.tamper(engine -> assertEquals(4, recordKeys(engine).size()));
    try (SealedStore store = fixture.open()) {
      assertEquals(Optional.of("1"), get(store, "a"));
    }
  }

  @Test
  void record_anyByteFlipped_doesNotOpen() throws Exception {
    try (OpenStoreAccess access = new OpenStoreAccess(fixture)) {
      RecordKey key = access.parts.sealer().keyOf(Space.USER, Name.of("a"));
      byte[] good = access.engineGet(key);
      for (int i = 0; i < good.length; i++) {
        byte[] bad = flipped(good, i);
        assertKind(Kind.CORRUPTED, () -> access.parts.sealer().open(key, bad));
      }
    }
  }

  @Test
  void record_byteFlippedOnDisk_isCorrupted() throws Exception {
    byte[] key = firstRecordKey();
    byte[] good = read(key);
    for (int i : new int[] {0, 4, 8, 15, 16, 20, good.length - 1}) {
      write(key, flipped(good, i));
      assertCorrupted("");
    }
    write(key, good);
    fixture.open().close();
  }

  @Test
  void record_truncatedOrExtended_isCorrupted() throws Exception {
    byte[] key = firstRecordKey();
    byte[] good = read(key);
    for (int size : new int[] {0, 1, Sealer.HEAD_SIZE, good.length - 1, good.length + 1}) {
      write(key, Arrays.copyOf(good, size));
      assertCorrupted("");
    }
  }

  @Test
  void record_removed_isReportedAsMissing() throws Exception {
    for (byte[] key : allRecordKeys()) {
      byte[] good = read(key);
      fixture.tamper(engine -> engine.delete(key));
      assertCorrupted("missing");
      write(key, good);
    }
  }

  @Test
  void records_swapped_areCorrupted() throws Exception {
    List<byte[]> keys = allRecordKeys();
    byte[] first = read(keys.get(0));
    byte[] second = read(keys.get(1));
    write(keys.get(0), second);
    write(keys.get(1), first);
    assertCorrupted("does not open");
  }

  @Test
  void record_copiedUnderAnotherName_isCorrupted() throws Exception {
    byte[] key = firstRecordKey();
    byte[] other = key.clone();
    other[5] ^= 1;
    write(other, read(key));
    assertCorrupted("does not open");
  }

  @Test
  void record_copiedIntoAnotherSpace_isCorrupted() throws Exception {
    byte[] key = firstRecordKey();
    byte[] other = key.clone();
    other[0] = (byte) Space.LEDGER.prefix();
    write(other, read(key));
    assertCorrupted("does not open");
  }

  @Test
  void record_replacedByItsOlderForm_isDigestMismatch() throws Exception {
    byte[] key = keyOfChanged(store -> put(store, "a", "10"));
    byte[] older = read(key);
    change(store -> put(store, "a", "11"));
    write(key, older);
    assertCorrupted("older");
  }

  @Test
  void record_deletedAndBroughtBack_isReportedAsLeftOver() throws Exception {
    byte[] key = keyOfChanged(store -> put(store, "a", "10"));
    byte[] deleted = read(key);
    change(store -> assertTrue(store.delete(Space.USER, Name.of("a"))));
    write(key, deleted);
    assertCorrupted("left over");
  }

  @Test
  void records_oneBroughtBackForOneRemoved_isDigestMismatch() throws Exception {
    byte[] key = keyOfChanged(store -> put(store, "a", "10"));
    byte[] deleted = read(key);
    byte[] kept = keyOfChanged(store -> put(store, "b", "20"));
    change(store -> assertTrue(store.delete(Space.USER, Name.of("a"))));
    write(key, deleted);
    fixture.tamper(engine -> engine.delete(kept));
    assertCorrupted("another");
  }

  @Test
  void state_replacedByItsOlderForm_isCorrupted() throws Exception {
    byte[] older = read(STATE_KEY);
    change(store -> put(store, "a", "10"));
    write(STATE_KEY, older);
    assertCorrupted("");
  }

  @Test
  void state_anyByteFlipped_doesNotOpen() throws Exception {
    try (OpenStoreAccess access = new OpenStoreAccess(fixture)) {
      byte[] good = access.engineGet(STATE_KEY);
      for (int i = 0; i < good.length; i++) {
        byte[] bad = flipped(good, i);
        assertKind(Kind.CORRUPTED, () -> access.stateSealer().open(bad));
      }
      assertEquals(access.parts.committer().committed(), access.stateSealer().open(good));
    }
  }

  @Test
  void state_byteFlippedOnDiskOrMissing_isCorrupted() throws Exception {
    byte[] good = read(STATE_KEY);
    for (int i : new int[] {0, 7, 8, 40, 48, 80, 84, 88, 96, good.length - 1}) {
      write(STATE_KEY, flipped(good, i));
      assertCorrupted("");
    }
    fixture.tamper(engine -> engine.delete(STATE_KEY));
    assertCorrupted("state is missing");
  }

  @Test
  void header_anyByteFlipped_isCorruptedOrAnotherVersion() throws Exception {
    byte[] good = read(HEADER_KEY);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = flipped(good, i);
      boolean inVersion = i == 8 || i == 9;
      assertKind(inVersion ? Kind.UNSUPPORTED_VERSION : Kind.CORRUPTED, () -> Header.parse(bad));
    }
    for (int size = 0; size < good.length; size++) {
      byte[] cut = Arrays.copyOf(good, size);
      assertKind(Kind.CORRUPTED, () -> Header.parse(cut));
    }
  }

  @Test
  void header_flippedOnDiskOrMissing_isNotOpened() throws Exception {
    byte[] good = read(HEADER_KEY);
    write(HEADER_KEY, flipped(good, 9));
    assertKind(Kind.UNSUPPORTED_VERSION, () -> fixture.open().close());
    write(HEADER_KEY, flipped(good, 50));
    assertCorrupted("checksum");
    write(HEADER_KEY, mended(flipped(good, 50)));
    assertKind(Kind.WRONG_ACCOUNT, () -> fixture.open().close());
    write(HEADER_KEY, mended(flipped(good, 200)));
    assertCorrupted("header was changed");
    fixture.tamper(engine -> engine.delete(HEADER_KEY));
    assertCorrupted("header is missing");
  }

  @Test
  void header_anyByteFlippedAndChecksumMended_isNeverOpened() throws Exception {
    byte[] good = read(HEADER_KEY);
    for (int i = 8; i < good.length - 32; i++) {
      byte[] bad = mended(flipped(good, i));
      Kind kind =
          assertThrows(
                  StoreException.class,
                  () -> OpenStore.openHeader(bad, fixture.identity, fixture.rootKey),
                  "byte " + i)
              .kind();
      assertEquals(expectedKind(i), kind, "byte " + i);
    }
  }

  private static byte[] flipped(byte[] good, int index) {
    byte[] bad = good.clone();
    bad[index] ^= (byte) (1 << index % 8);
    return bad;
  }

  @Test
  void header_generationNotPositive_isCorrupted() throws Exception {
    byte[] good = read(HEADER_KEY);
    int generation = 75;
    assertEquals(1, good[generation + 7]);
    byte[] none = good.clone();
    none[generation + 7] = 0;
    write(HEADER_KEY, mended(none));
    assertCorrupted("generation");
    byte[] negative = good.clone();
    negative[generation] = (byte) 0x80;
    write(HEADER_KEY, mended(negative));
    assertCorrupted("generation");
  }

  // The checksum is no secret: whoever changes a header can mend it.
  private static byte[] mended(byte[] header) {
    int bodySize = header.length - 32;
    byte[] checksum = Bytes.copyOf(header, 0, bodySize).sha256().toArray();
    System.arraycopy(checksum, 0, header, bodySize, 32);
    return header;
  }

  // Layout: docs/spec/store.md#header
  private static Kind expectedKind(int offset) {
    if (offset < 10) {
      return Kind.UNSUPPORTED_VERSION;
    }
    if (offset < 42) {
      return Kind.WRONG_STORE;
    }
    if (offset < 74) {
      return Kind.WRONG_ACCOUNT;
    }
    // The key check says which root key: with another check it is another key.
    return offset >= 83 && offset < 99 ? Kind.WRONG_KEY : Kind.CORRUPTED;
  }

  @Test
  void header_replacedByItsOlderForm_isCorrupted() throws Exception {
    byte[] withOneWrap = read(HEADER_KEY);
    byte[] withTwoWraps;
    try (SecretBytes next = SecretBytes.generate(32, fixture.random)) {
      change(store -> store.addWrap(2, next));
      withTwoWraps = read(HEADER_KEY);
      change(store -> store.dropWrap(2));
    }
    write(HEADER_KEY, withTwoWraps);
    assertCorrupted("not the one that the state was written with");
    write(HEADER_KEY, withOneWrap);
    assertCorrupted("data key 2 or run salt");
  }

  @Test
  void salt_changedOrRemoved_isCorrupted() throws Exception {
    List<byte[]> saltKeys = keys(SALT_PREFIX);
    assertFalse(saltKeys.isEmpty());
    byte[] key = saltKeys.getLast();
    byte[] good = read(key);
    byte[] bad = good.clone();
    bad[31] ^= 1;
    write(key, bad);
    assertCorrupted("");
    write(key, new byte[31]);
    assertCorrupted("run salt");
    fixture.tamper(engine -> engine.delete(key));
    assertCorrupted("run salt");
  }

  @Test
  void salt_planted_isIgnoredAndRemovedByTheNextWrite() throws Exception {
    byte[] planted = {SALT_PREFIX, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    byte[] highest = {SALT_PREFIX, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    write(planted, new byte[32]);
    write(highest, new byte[32]);
    change(store -> put(store, "c", "5"));
    fixture.tamper(engine -> {
      assertEquals(null, engine.get(planted));
      assertEquals(null, engine.get(highest));
    });
    try (SealedStore store = fixture.open()) {
      assertEquals(Optional.of("5"), get(store, "c"));
    }
  }

  @Test
  void salts_ofRunsWithoutRecords_doNotPileUp() throws Exception {
    for (int run = 0; run < 5; run++) {
      String value = Integer.toString(run);
      change(store -> put(store, "a", value));
    }
    // One for the records of the first run, one that the last run wrote, one it found in use.
    assertTrue(keys(SALT_PREFIX).size() <= 3);
  }

  @Test
  void key_ofNoKnownKind_isCorrupted() throws Exception {
    for (byte[] key : List.of(new byte[] {3}, new byte[] {0, 0}, new byte[17], new byte[18])) {
      write(key, new byte[] {1});
      assertCorrupted("never wrote");
      fixture.tamper(engine -> engine.delete(key));
    }
  }

  @Test
  void record_ofAnotherStoreOfTheSameKey_isCorrupted() throws Exception {
    Path otherFolder = folder.resolve("other");
    StoreIdentity other = StoreIdentity.generate(fixture.identity.account(), fixture.random);
    try (SealedStore store =
        SealedStore.create(otherFolder, other, 1, fixture.rootKey, fixture.random)) {
      put(store, "a", "1");
    }
    byte[] key = firstRecordKey();
    List<byte[]> foreign = new ArrayList<>();
    StoreFixture.tamper(
        otherFolder, engine -> foreign.add(engine.get(recordKeys(engine).getFirst())));
    write(key, foreign.getFirst());
    assertCorrupted("");
  }

  @Test
  void anything_changedWhileOpen_isNoticedByTheNextCheck() throws Exception {
    for (boolean headerToo : List.of(false, true)) {
      try (OpenStoreAccess access = new OpenStoreAccess(fixture)) {
        RecordKey key = access.parts.sealer().keyOf(Space.USER, Name.of("a"));
        access.parts.recheck(key);
        access.parts.recheckHead();
        byte[] older = access.engineGet(key);
        byte[] olderState = access.engineGet(Engine.Keys.state());
        access.put("a", "changed");
        access.parts.recheck(key);
        access.parts.recheckHead();
        byte[] present = access.engineGet(key);
        access.engineWrite(key, older);
        assertKind(Kind.CORRUPTED, () -> access.parts.recheck(key));
        access.engineWrite(key, present);
        byte[] place = headerToo ? Engine.Keys.header() : Engine.Keys.state();
        byte[] good = access.engineGet(place);
        access.engineWrite(place, headerToo ? flipped(good) : olderState);
        assertKind(Kind.CORRUPTED, access.parts::recheckHead);
        access.engineWrite(place, good);
        access.parts.recheckHead();
      }
    }
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    flipped[flipped.length / 2] ^= 1;
    return flipped;
  }

  @Test
  void record_changedWhileOpen_isNoticedByTheRead() throws Exception {
    SealId first;
    try (OpenStoreAccess access = new OpenStoreAccess(fixture)) {
      RecordKey key = access.parts.sealer().keyOf(Space.USER, Name.of("a"));
      byte[] older = access.engineGet(key);
      first = access.parts.sealer().head("a", older).seal();
      access.put("a", "10");
      assertEquals("10", access.read(key));
      access.engineWrite(key, older);
      assertEquals(first, access.parts.sealer().head("a", access.engineGet(key)).seal());
      assertKind(Kind.CORRUPTED, () -> access.read(key));
      access.engineDelete(key);
      assertKind(Kind.CORRUPTED, () -> access.read(key));
    }
  }

  @FunctionalInterface
  private interface Use {
    void of(SealedStore store) throws StoreException;
  }

  private void change(Use use) throws StoreException {
    try (SealedStore store = fixture.open()) {
      use.of(store);
    }
  }

  // The key of the one record that differs after `use`.
  private byte[] keyOfChanged(Use use) throws Exception {
    List<byte[]> before = new ArrayList<>();
    List<byte[]> keys = allRecordKeys();
    for (byte[] key : keys) {
      before.add(read(key));
    }
    change(use);
    for (int i = 0; i < keys.size(); i++) {
      if (!Arrays.equals(before.get(i), read(keys.get(i)))) {
        return keys.get(i);
      }
    }
    throw new AssertionError("no record changed");
  }

  private void assertCorrupted(String inMessage) {
    StoreException e = assertThrows(StoreException.class, () -> fixture.open().close());
    assertEquals(Kind.CORRUPTED, e.kind());
    assertTrue(String.valueOf(e.getMessage()).contains(inMessage), e.getMessage());
  }

  private byte[] firstRecordKey() throws RocksDBException {
    return allRecordKeys().getFirst();
  }

  private List<byte[]> allRecordKeys() throws RocksDBException {
    List<byte[]> keys = new ArrayList<>();
    fixture.tamper(engine -> keys.addAll(recordKeys(engine)));
    return keys;
  }

  private static List<byte[]> recordKeys(RocksDB engine) throws RocksDBException {
    List<byte[]> keys = new ArrayList<>();
    try (RocksIterator iterator = engine.newIterator()) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        if (iterator.key().length == RecordKey.SIZE) {
          keys.add(iterator.key());
        }
      }
      iterator.status();
    }
    return keys;
  }

  private List<byte[]> keys(byte prefix) throws RocksDBException {
    List<byte[]> keys = new ArrayList<>();
    fixture.tamper(engine -> {
      try (RocksIterator iterator = engine.newIterator()) {
        for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
          if (iterator.key()[0] == prefix) {
            keys.add(iterator.key());
          }
        }
      }
    });
    return keys;
  }

  private byte[] read(byte[] key) throws RocksDBException {
    List<byte[]> value = new ArrayList<>();
    fixture.tamper(engine -> value.add(engine.get(key)));
    return value.getFirst();
  }

  private void write(byte[] key, byte[] value) throws RocksDBException {
    fixture.tamper(engine -> engine.put(key, value));
  }
}
