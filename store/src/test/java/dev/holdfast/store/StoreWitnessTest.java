package dev.holdfast.store;

import static dev.holdfast.store.StoreFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.store.StoreException.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreWitnessTest {
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

  private Kind refusal(StoreIdentity expected) {
    return assertThrows(StoreException.class, () -> StoreWitness.peek(fixture.path, expected))
        .kind();
  }

  @Test
  void peek_lockedStore_isWhatItSaysWhenItIsOpen() throws StoreException {
    try (SealedStore store = fixture.create()) {
      put(store, "name", "value");
      put(store, Space.LEDGER, "other", "value");
    }
    StoreWitness.Pair peeked = StoreWitness.peek(fixture.path, fixture.identity);
    assertEquals(peeked, StoreWitness.peek(fixture.path, fixture.identity));
    try (SealedStore store = fixture.open()) {
      assertEquals(new StoreWitness.Pair(store.witness(), store.ledgerWitness()), peeked);
    }
  }

  @Test
  void peek_openStore_isLocked() throws StoreException {
    try (SealedStore store = fixture.create()) {
      assertEquals(fixture.identity, store.identity());
      assertEquals(Kind.LOCKED, refusal(fixture.identity));
    }
  }

  @Test
  void peek_storeOfAnother_isRefused() throws StoreException {
    fixture.create().close();
    StoreIdentity genuine = fixture.identity;
    assertEquals(
        Kind.WRONG_ACCOUNT, refusal(new StoreIdentity(genuine.storeId(), StoreFixture.account(9))));
    assertEquals(
        Kind.WRONG_STORE, refusal(new StoreIdentity(StoreFixture.account(9), genuine.account())));
  }

  @Test
  void peek_nothingThere_isMissing() {
    assertEquals(Kind.MISSING, refusal(fixture.identity));
  }
}
