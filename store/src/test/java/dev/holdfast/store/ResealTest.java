package dev.holdfast.store;

import static dev.holdfast.store.SealedStoreTest.assertKind;
import static dev.holdfast.store.StoreFixture.get;
import static dev.holdfast.store.StoreFixture.put;
import static dev.holdfast.store.StoreFixture.secret;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.StoreException.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksIterator;

/// What a rotation heals: after it, nothing lies under a key that the older root key opens.
class ResealTest {
  private static final int RECORDS = 2 * Resealing.MAX_RECORDS + 7;

  private static final List<Space> SPACES = List.of(Space.USER, Space.NODE, Space.LEDGER);

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

  private SealedStore rotated() throws StoreException {
    SealedStore store = fixture.create();
    for (int i = 0; i < RECORDS; i++) {
      Batch batch = new Batch();
      try (SecretBytes value = secret("value " + i)) {
        batch.put(SPACES.get(i % 3), Name.of("name " + i), value);
        store.write(batch);
      }
    }
    store.addWrap(2, fixture.nextKey);
    store.dropWrap(1);
    return store;
  }

  private static void assertAllThere(SealedStore store) throws StoreException {
    for (int i = 0; i < RECORDS; i++) {
      assertEquals(
          Optional.of("value " + i), get(store, SPACES.get(i % 3), "name " + i), "record " + i);
    }
  }

  private static void leaveOff() {
    throw new IllegalStateException("the process ends here");
  }

  @Test
  void reseal_afterRotation_leavesOneDataKeyAndAllRecords() throws Exception {
    try (SealedStore store = rotated()) {
      assertEquals(2, store.dataKeys());
      List<Long> progress = new ArrayList<>();
      assertTrue(store.reseal((done, total) -> progress.add(done)));
      assertEquals(1, store.dataKeys());
      assertEquals(RECORDS, progress.getLast());
      assertAllThere(store);
    }
    try (SealedStore store = fixture.openWithNextKey()) {
      assertEquals(1, store.dataKeys());
      assertAllThere(store);
    }
  }

  @Test
  void reseal_withNothingToDo_writesNothing() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      StoreWitness before = store.witness();
      assertTrue(store.reseal(CheckProgress.NONE));
      assertEquals(before, store.witness());
    }
  }

  @Test
  void reseal_leftOff_goesOnAfterReopen() throws Exception {
    try (SealedStore store = rotated()) {
      assertThrows(
          IllegalStateException.class,
          () ->
              store.reseal((done, total) -> {
                if (done > 0) {
                  leaveOff();
                }
              }));
      assertEquals(2, store.dataKeys());
    }
    try (SealedStore store = fixture.openWithNextKey()) {
      List<Long> totals = new ArrayList<>();
      assertTrue(store.reseal((done, total) -> totals.add(total)));
      assertEquals(RECORDS - Resealing.MAX_RECORDS, totals.getFirst(), "what was done stays done");
      assertEquals(1, store.dataKeys());
      assertAllThere(store);
    }
  }

  /// An old record put back is no longer readable by anybody: its data key is gone.
  @Test
  void record_ofBeforeTheReseal_putBack_isCorrupted() throws Exception {
    fixture.create().close();
    byte[] older;
    byte[] key;
    try (OpenStoreAccess access = new OpenStoreAccess(fixture)) {
      access.put("a", "1");
      RecordKey recordKey = access.parts.sealer().keyOf(Space.USER, Name.of("a"));
      key = recordKey.toArray();
      older = access.engineGet(recordKey);
    }
    try (SealedStore store = fixture.open()) {
      store.addWrap(2, fixture.nextKey);
      store.dropWrap(1);
      assertTrue(store.reseal(CheckProgress.NONE));
    }
    fixture.tamper(engine -> engine.put(key, older));
    assertKind(Kind.CORRUPTED, fixture::openWithNextKey);
  }

  @Test
  void reseal_whileOthersWrite_losesNoWrite() throws Exception {
    try (SealedStore store = rotated()) {
      AtomicBoolean done = new AtomicBoolean();
      List<Integer> counts = new ArrayList<>();
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                int n = 0;
                try {
                  while (!done.get() || n == 0) {
                    n++;
                    put(store, Space.USER, "name 0", "new " + n);
                    put(store, "other", "new " + n);
                  }
                } catch (StoreException e) {
                  n = -1;
                }
                counts.add(n);
              });
      assertTrue(store.reseal(CheckProgress.NONE));
      done.set(true);
      writer.join();
      int last = counts.getFirst();
      assertTrue(last > 0, "every write was taken");
      assertEquals(Optional.of("new " + last), get(store, "name 0"));
    }
    try (SealedStore store = fixture.openWithNextKey()) {
      assertEquals(1, store.dataKeys());
      assertEquals(get(store, "name 0"), get(store, "other"));
    }
  }

  @Test
  void reservation_madeBeforeTheReseal_isFilledOnce() throws Exception {
    try (SealedStore store = fixture.create();
        SecretBytes value = secret("1")) {
      Reservation filled = store.reserve(Space.USER, Name.of("a")).orElseThrow();
      Reservation released = store.reserve(Space.USER, Name.of("b")).orElseThrow();
      store.addWrap(2, fixture.nextKey);
      store.dropWrap(1);
      assertTrue(store.reseal(CheckProgress.NONE));
      assertEquals(1, store.dataKeys());
      assertTrue(store.put(filled, value));
      assertFalse(store.put(filled, value));
      assertTrue(store.release(released));
      assertFalse(store.release(released));
      assertEquals(Optional.of("1"), get(store, "a"));
    }
  }

  /// Dropping a key writes a header, and a header without the other root key's wrap would take that
  /// key's way in.
  @Test
  void reseal_inTheMiddleOfARotation_keepsTheDataKeysUntilItEnds() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      store.addWrap(2, fixture.nextKey);
    }
    try (SealedStore store = fixture.open()) {
      assertFalse(store.reseal(CheckProgress.NONE));
      assertEquals(2, store.dataKeys());
      assertEquals(List.of(1L, 2L), store.generations());
    }
    try (SealedStore store = fixture.openWithNextKey()) {
      store.dropWrap(1);
      assertTrue(store.reseal(CheckProgress.NONE));
      assertEquals(1, store.dataKeys());
      assertEquals(Optional.of("1"), get(store, "a"));
    }
  }

  @Test
  void records_afterTheReseal_areAllUnderTheNewDataKey() throws Exception {
    try (SealedStore store = rotated()) {
      assertTrue(store.reseal(CheckProgress.NONE));
    }
    List<Integer> keyIds = new ArrayList<>();
    fixture.tamper(engine -> {
      try (RocksIterator iterator = engine.newIterator()) {
        for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
          if (RecordKey.parse(iterator.key()).isPresent()) {
            keyIds.add(ByteBuffer.wrap(iterator.value()).getInt());
          }
        }
      }
    });
    assertEquals(Collections.nCopies(RECORDS, 2), keyIds);
  }
}
