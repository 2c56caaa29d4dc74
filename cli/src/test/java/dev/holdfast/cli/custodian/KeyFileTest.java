package dev.holdfast.cli.custodian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.passphrase.Passphrase;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KeyFileTest {
  private static final Passphrase.Cost CHEAP = new Passphrase.Cost(64, 1, 1);

  private final SecureRandom random = new SecureRandom();
  private final Crypto crypto = Crypto.bouncyCastle(random);

  private static Optional<SecretBytes> passphrase(String text) {
    return Optional.of(SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
  }

  private KeyFile sealed() {
    return KeyFile.generate(crypto, passphrase("secret"), CHEAP, random);
  }

  private static String text(KeyFile key) {
    return new String(key.toBytes().toArray(), StandardCharsets.UTF_8);
  }

  @Test
  void key_sealedAndPlain_opensAfterReadingAgain() throws Exception {
    for (KeyFile key :
        List.of(sealed(), KeyFile.generate(crypto, Optional.empty(), CHEAP, random))) {
      KeyFile read = KeyFile.parse(key.toBytes());
      try (EnvelopeKeys keys = read.open(crypto, passphrase("secret"))) {
        assertEquals(key.key().key(), keys.publicKey());
      }
    }
  }

  @Test
  void key_withAnotherPassphraseOrPublicKey_isRefused() throws Exception {
    KeyFile key = sealed();
    CommandException refused =
        assertThrows(CommandException.class, () -> key.open(crypto, passphrase("Secret")));
    assertEquals(Exit.REFUSED, refused.exit());
    KeyFile other = new KeyFile(sealed().key(), key.stored());
    assertThrows(CommandException.class, () -> other.open(crypto, passphrase("secret")));
    KeyFile plain = KeyFile.generate(crypto, Optional.empty(), CHEAP, random);
    KeyFile swapped = new KeyFile(key.key(), plain.stored());
    CommandException changed =
        assertThrows(CommandException.class, () -> swapped.open(crypto, Optional.empty()));
    assertTrue(String.valueOf(changed.getMessage()).contains("another key"));
  }

  @Test
  void file_contradictoryOrTooCostly_isMalformed() {
    String good = text(sealed());
    for (String other :
        List.of(
            good.replace("\"memoryKiB\":64", "\"memoryKiB\":1048577"),
            good.replace("\"memoryKiB\":64", "\"memoryKiB\":7"),
            good.replace("\"lanes\":1", "\"lanes\":9"),
            good.replace("\"passes\":1", "\"passes\":65"),
            good.replace("\"sealed\":", "\"seal\":"),
            good.replace("\"sealed\":", "\"seed\":\"%s\",\"sealed\":".formatted("A".repeat(43))))) {
      assertThrows(MalformedException.class, () -> KeyFile.parse(Bytes.utf8(other)), other);
    }
  }
}
