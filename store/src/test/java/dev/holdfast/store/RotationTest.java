package dev.holdfast.store;

import static dev.holdfast.store.SealedStoreTest.assertKind;
import static dev.holdfast.store.StoreFixture.get;
import static dev.holdfast.store.StoreFixture.put;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.StoreException.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationTest {
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
  void wrap_added_opensUnderBothKeys() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      long before = store.witness().version();
      store.addWrap(2, fixture.nextKey);
      assertEquals(before + 1, store.witness().version());
      assertEquals(List.of(1L, 2L), store.generations());
      put(store, "b", "2");
    }
    try (SealedStore store = fixture.open()) {
      assertEquals(Optional.of("1"), get(store, "a"));
      assertEquals(Optional.of("2"), get(store, "b"));
    }
    try (SealedStore store = fixture.openWithNextKey()) {
      assertEquals(Optional.of("1"), get(store, "a"));
      assertEquals(Optional.of("2"), get(store, "b"));
    }
  }

  @Test
  void wrap_dropped_opensUnderTheOtherKeyOnly() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      store.addWrap(2, fixture.nextKey);
      store.dropWrap(1);
      assertEquals(List.of(2L), store.generations());
      put(store, "b", "2");
    }
    assertKind(Kind.WRONG_KEY, fixture::open);
    try (SealedStore store = fixture.openWithNextKey()) {
      assertEquals(Optional.of("1"), get(store, "a"));
      assertEquals(Optional.of("2"), get(store, "b"));
    }
  }

  @Test
  void wrap_droppedAfterReopenWithTheNewKey_leavesTheNew() throws Exception {
    try (SealedStore store = fixture.create()) {
      store.addWrap(2, fixture.nextKey);
    }
    try (SealedStore store = fixture.openWithNextKey()) {
      assertThrows(IllegalStateException.class, () -> store.dropWrap(2));
      store.dropWrap(1);
    }
    assertKind(Kind.WRONG_KEY, fixture::open);
    fixture.openWithNextKey().close();
  }

  @Test
  void wraps_pastTheLimits_areRefused() throws Exception {
    try (SealedStore store = fixture.create();
        SecretBytes third = SecretBytes.generate(32, fixture.random)) {
      assertThrows(IllegalArgumentException.class, () -> store.addWrap(1, fixture.nextKey));
      assertThrows(IllegalArgumentException.class, () -> store.dropWrap(2));
      assertThrows(IllegalStateException.class, () -> store.dropWrap(1));
      store.addWrap(2, fixture.nextKey);
      assertThrows(IllegalStateException.class, () -> store.addWrap(3, third));
      store.dropWrap(1);
      store.addWrap(3, third);
      assertEquals(List.of(2L, 3L), store.generations());
    }
  }

  @Test
  void record_afterAddWrap_isSealedUnderANewDataKey() throws Exception {
    fixture.create().close();
    try (OpenStoreAccess access = new OpenStoreAccess(fixture)) {
      RecordKey key = access.parts.sealer().keyOf(Space.USER, Name.of("a"));
      access.put("a", "1");
      assertEquals(1, access.parts.sealer().head("a", access.engineGet(key)).keyId());
      access.parts.wraps().add(2, fixture.nextKey, access.parts.committer());
      access.put("a", "2");
      assertEquals(2, access.parts.sealer().head("a", access.engineGet(key)).keyId());
      assertEquals("2", access.read(key));
    }
  }

  @Test
  void derivedKeys_acrossRotation_areTheSame() throws Exception {
    byte[] before;
    try (SealedStore store = fixture.create();
        SecretBytes key = store.deriveKey("luks", 1, 32)) {
      before = key.apply(byte[]::clone);
      store.addWrap(2, fixture.nextKey);
      store.dropWrap(1);
    }
    try (SealedStore store = fixture.openWithNextKey();
        SecretBytes key = store.deriveKey("luks", 1, 32)) {
      assertArrayEquals(before, key.apply(byte[]::clone));
    }
  }
}
