package dev.holdfast.cli.custodian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.node.work.CustodianReview.Remembered;
import dev.holdfast.protocol.AccountId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

final class MemoryTest {
  private static AccountId account() {
    try (SigningKey key = Crypto.bouncyCastle(new SecureRandom()).generateSigningKey()) {
      return new AccountId(key.publicKey());
    }
  }

  @Test
  void memory_writtenAndRead_isTheSame() throws Exception {
    AccountId first = account();
    AccountId second = account();
    Memory memory =
        Memory.NOTHING
            .with(first, new Remembered(1, 2, 3, 4))
            .with(second, new Remembered(5, 6, 7, 8))
            .with(first, new Remembered(2, 3, 4, 5));
    Memory read = Memory.parse(memory.toBytes());
    assertEquals(memory, read);
    assertEquals(new Remembered(2, 3, 4, 5), read.of(first));
    assertEquals(Remembered.NOTHING, read.of(account()));
  }

  @Test
  void memory_withAnAccountTwice_isMalformed() {
    Memory memory = Memory.NOTHING.with(account(), new Remembered(1, 2, 3, 4));
    String text = new String(memory.toBytes().toArray(), StandardCharsets.UTF_8);
    String item = text.substring(text.indexOf("[") + 1, text.lastIndexOf("]"));
    String twice = text.replace(item, item + "," + item);
    assertThrows(MalformedException.class, () -> Memory.parse(Bytes.utf8(twice)));
  }
}
