package dev.holdfast.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Which implementation is chosen, and what that loads.
final class CryptoTest {
  @Test
  void preferred_whereTheLibraryLoads_isConscrypt() {
    assertEquals("conscrypt", Crypto.preferred(new SeededRandom(1)).name());
  }

  /// Loading one class of Bouncy Castle's signed jar costs hundreds of milliseconds.
  @Test
  void conscrypt_doingEverything_loadsNothingOfBouncyCastle() throws Exception {
    String output = SeparateProcess.run(List.of("-Xlog:class+load"), "everything");

    assertTrue(output.contains("conscrypt did everything: true"), output);
    assertTrue(output.contains("org.conscrypt.NativeCrypto"), output);
    assertFalse(output.contains("org.bouncycastle"), output);
    assertTrue(output.endsWith("exit 0"), output);
  }

  @Test
  void preferred_withoutTheLibrary_isBouncyCastleAndDoesEverything() throws Exception {
    String output = SeparateProcess.run(List.of("-Dos.arch=unheard-of"), "everything");

    assertTrue(output.contains("bouncy-castle did everything: true"), output);
    assertTrue(output.endsWith("exit 0"), output);
  }

  @Test
  void conscrypt_withoutTheLibrary_saysWhatDoesNotLoad() throws Exception {
    String output = SeparateProcess.run(List.of("-Dos.arch=unheard-of"), "conscrypt");

    assertTrue(output.contains("Conscrypt's native library does not load on"), output);
    assertTrue(output.contains("unheard-of"), output);
    assertTrue(output.endsWith("exit 1"), output);
  }
}
