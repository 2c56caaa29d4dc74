package dev.holdfast.store.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.crypto.Aead;
import dev.holdfast.crypto.AeadException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunKeysTest {
  private final SecureRandom random = new SecureRandom();
  private final KeyRing ring = KeyRing.generate(1, random);

  @Test
  void ticket_drawnOften_neverRepeats() {
    try (RunKeys runs = new RunKeys(ring, random)) {
      Set<SealId> seen = new HashSet<>();
      for (int i = 0; i < 10_000; i++) {
        seen.add(runs.draw(100).id());
      }
      assertEquals(10_000, seen.size());
    }
  }

  @Test
  void salt_atItsLimitOfBlocks_isKeptAndPastItReplaced() {
    // 16 bytes cost one block and three for the counters and lengths.
    try (RunKeys runs = new RunKeys(ring, random, 8)) {
      SealId first = runs.draw(16).id();
      SealId second = runs.draw(16).id();
      SealId third = runs.draw(16).id();
      assertEquals(first.saltId(), second.saltId());
      assertEquals(second.saltId() + 1, third.saltId());
      assertNotEquals(runs.salt(first.saltId()), runs.salt(third.saltId()));
    }
  }

  @Test
  void sealed_underOneRun_opensInAnotherThatKnowsTheSalt() throws Exception {
    byte[] aad = {1};
    byte[] plain = {2, 3};
    try (RunKeys one = new RunKeys(ring, random);
        RunKeys other = new RunKeys(ring, random)) {
      RunKeys.Ticket ticket = one.draw(3);
      byte[] sealed = new byte[plain.length + Aead.OVERHEAD];
      ticket.seal(aad, plain, sealed, 0);
      int saltId = ticket.id().saltId();
      byte[] nonce = RunKeys.nonce(ticket.number());
      assertTrue(other.key(ticket.keyId(), saltId).isEmpty());
      other.addSalt(saltId, one.salt(saltId));
      assertArrayEquals(
          plain, other.key(ticket.keyId(), saltId).orElseThrow().open(nonce, aad, sealed));
      assertTrue(other.key(9, saltId).isEmpty());
    }
  }

  @Test
  void sealed_underAnotherSalt_doesNotOpen() throws Exception {
    byte[] aad = {1};
    try (RunKeys one = new RunKeys(ring, random);
        RunKeys other = new RunKeys(ring, random)) {
      RunKeys.Ticket ticket = one.draw(3);
      byte[] sealed = new byte[2 + Aead.OVERHEAD];
      ticket.seal(aad, new byte[] {2, 3}, sealed, 0);
      int saltId = other.draw(3).id().saltId();
      assertEquals(ticket.id().saltId(), saltId, "ids of salts repeat, salts do not");
      byte[] nonce = RunKeys.nonce(ticket.number());
      Aead key = other.key(ticket.keyId(), saltId).orElseThrow();
      assertThrows(AeadException.class, () -> key.open(nonce, aad, sealed));
    }
  }
}
