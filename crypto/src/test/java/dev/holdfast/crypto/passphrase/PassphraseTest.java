package dev.holdfast.crypto.passphrase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PassphraseTest {
  /// From the reference implementation's command line: `printf password | argon2 0123456789abcdef
  /// -id -t PASSES -k MEMORY -p LANES -l 32 -r`.
  @ParameterizedTest
  @CsvSource({
    "1024,3,4,d5165115cfb49bcfb3f13249efcdf835b77d2c4202faa0320b2b7a42db2f0212",
    "64,1,1,73cba7a192f57cc8935bd573b08cc8e1788b2237989a1b24d9d088520db54696"
  })
  void key_ofKnownInput_isTheReferences(int memory, int passes, int lanes, String expected) {
    try (SecretBytes passphrase = SecretBytes.copyOf("password".getBytes(StandardCharsets.UTF_8));
        SecretBytes key =
            Passphrase.key(
                passphrase,
                Bytes.utf8("0123456789abcdef"),
                new Passphrase.Cost(memory, passes, lanes))) {
      assertEquals(expected, key.apply(Bytes::copyOf).toHex());
    }
  }

  @Test
  void cost_atItsLimitsAndOnePast_isAcceptedAndRefused() {
    assertTrue(Passphrase.Cost.isValid(128, 1, 16));
    assertFalse(Passphrase.Cost.isValid(127, 1, 16));
    assertTrue(Passphrase.Cost.isValid(1 << 20, 64, 1));
    assertFalse(Passphrase.Cost.isValid((1 << 20) + 1, 64, 1));
    assertFalse(Passphrase.Cost.isValid(1 << 20, 65, 1));
    assertFalse(Passphrase.Cost.isValid(1 << 20, 0, 1));
    assertFalse(Passphrase.Cost.isValid(1 << 20, 1, 0));
    assertFalse(Passphrase.Cost.isValid(1 << 20, 1, 17));
  }
}
