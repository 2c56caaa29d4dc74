package dev.holdfast.entropy.server;

import static dev.holdfast.entropy.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.StoreIdentity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BoundsTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes KEY = hex("01".repeat(32));

  @TempDir Path folder;
  private Instant now = Instant.EPOCH;

  @Test
  void nonce_ofThisWindowAndTheOneBefore_isGiven() {
    try (Nonces nonces = new Nonces(RANDOM, () -> now);
        Nonces others = new Nonces(RANDOM, () -> now)) {
      Bytes nonce = nonces.nonce(KEY);
      assertEquals(nonce, nonces.nonce(KEY));
      assertFalse(others.isGiven(KEY, nonce));
      assertFalse(nonces.isGiven(hex("02".repeat(32)), nonce));
      now = Instant.ofEpochMilli(2 * Nonces.WINDOW_MILLIS - 1);
      assertTrue(nonces.isGiven(KEY, nonce));
      now = now.plusMillis(1);
      assertFalse(nonces.isGiven(KEY, nonce));
    }
  }

  @Test
  void pace_secondTimeWithinFiveMinutes_mayNot() {
    Pace pace = new Pace(() -> now);
    assertTrue(pace.mayAsk());
    now = now.plus(Pace.INTERVAL).minusMillis(1);
    assertFalse(pace.mayAsk());
    now = now.plusMillis(1);
    assertTrue(pace.mayAsk());
    assertFalse(pace.mayAsk());
  }

  @Test
  void deposits_pastTheirLimit_areRefusedAndOldOnesStay() throws Exception {
    StoreIdentity identity = StoreIdentity.generate(KEY, RANDOM);
    try (SecretBytes root = SecretBytes.generate(32, RANDOM);
        SecretBytes first = SecretBytes.generate(32, RANDOM);
        SecretBytes second = SecretBytes.generate(32, RANDOM);
        SealedStore store =
            SealedStore.create(folder.resolve("store"), identity, 1, root, RANDOM)) {
      Deposits deposits = Deposits.of(store, 2);
      assertEquals(Deposits.Outcome.KEPT, deposits.keep(account(1), first));
      assertEquals(Deposits.Outcome.KEPT, deposits.keep(account(2), first));
      assertEquals(Deposits.Outcome.FULL, deposits.keep(account(3), first));
      assertEquals(Deposits.Outcome.KEPT, deposits.keep(account(2), first));
      assertEquals(Deposits.Outcome.ANOTHER_IS_HELD, deposits.keep(account(2), second));
      assertTrue(deposits.find(account(2)).orElseThrow().sameAs(first));
      assertTrue(deposits.find(account(3)).isEmpty());
      assertEquals(Deposits.Outcome.FULL, Deposits.of(store, 2).keep(account(3), first));
    }
  }

  private static Account account(int number) {
    return new Account(hex("0" + number + "00".repeat(31)));
  }
}
