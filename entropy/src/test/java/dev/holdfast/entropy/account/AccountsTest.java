package dev.holdfast.entropy.account;

import static dev.holdfast.entropy.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.Vectors;
import dev.holdfast.entropy.sr25519.Sr25519;
import dev.holdfast.entropy.sr25519.Sr25519Key;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AccountsTest {
  private static final String FILE = "polkadot-util-crypto.txt";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ALICE_ADDRESS = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

  @Test
  void secretUri_derivationPaths_giveSchnorrkelsKeys() throws Exception {
    List<List<String>> rows = Vectors.rows(FILE, "derive");
    assertEquals(15, rows.size());
    for (List<String> row : rows) {
      try (Sr25519Key key = SecretUri.parse(row.get(0), RANDOM)) {
        assertEquals(row.get(1), key.publicKey().toHex(), row.get(0));
      }
    }
  }

  @Test
  void secretUri_seedAndPhrase_areTheSameKey() throws Exception {
    String seed = "0x" + Vectors.rows(FILE, "mini").getFirst().getFirst();
    try (Sr25519Key bySeed = SecretUri.parse(seed + "//Alice", RANDOM);
        Sr25519Key byPhrase = SecretUri.parse(SecretUri.DEVELOPMENT_PHRASE + "//Alice", RANDOM)) {
      assertEquals(bySeed.publicKey(), byPhrase.publicKey());
      assertEquals(ALICE_ADDRESS, new Account(bySeed.publicKey()).toString());
    }
  }

  @Test
  void secretUri_softChild_signsUnderItsKey() throws Exception {
    try (Sr25519Key child = SecretUri.parse("//Alice/1", RANDOM)) {
      Bytes message = Bytes.utf8("m");
      assertTrue(
          Sr25519.verify(
              child.publicKey(), "substrate", message, child.sign("substrate", message, RANDOM)));
    }
  }

  @Test
  void secretUri_otherForms_areRefused() {
    for (String text : List.of("//", "x//Alice", "0x00//Alice", "//Alice////", "/Alice/")) {
      assertThrows(MalformedException.class, () -> SecretUri.parse(text, RANDOM), text);
    }
  }

  @Test
  void mnemonic_wrongChecksumWordOrNumber_isRefused() throws Exception {
    String phrase = SecretUri.DEVELOPMENT_PHRASE;
    Mnemonic.parse(phrase).close();
    for (String wrong :
        List.of(
            phrase.replace("walk", "lonely"),
            phrase.replace("walk", "wal"),
            phrase + " walk",
            phrase.replace(" ", "  "),
            phrase.replace(" walk", ""),
            "")) {
      assertThrows(MalformedException.class, () -> Mnemonic.parse(wrong), wrong);
    }
  }

  @Test
  void ss58_allPrefixes_areThoseOfPolkadot() throws Exception {
    List<List<String>> rows = Vectors.rows(FILE, "ss58");
    assertEquals(8, rows.size());
    for (List<String> row : rows) {
      int prefix = Integer.parseInt(row.get(0));
      Account account = new Account(hex(row.get(1)));
      assertEquals(row.get(2), Ss58.format(account, prefix));
      assertEquals(new Ss58.Address(prefix, account), Ss58.parseAnyPrefix(row.get(2)));
    }
  }

  @Test
  void ss58_otherPrefix_isNotTheGenericOne() throws Exception {
    Account account = Ss58.parse(ALICE_ADDRESS);
    for (int prefix : List.of(0, 41, 43, 64, 16_383)) {
      String address = Ss58.format(account, prefix);
      assertThrows(MalformedException.class, () -> Ss58.parse(address), address);
    }
  }

  @Test
  void ss58_damaged_isRefused() throws Exception {
    for (int i = 0; i < ALICE_ADDRESS.length(); i++) {
      char other = ALICE_ADDRESS.charAt(i) == 'x' ? 'y' : 'x';
      String damaged = ALICE_ADDRESS.substring(0, i) + other + ALICE_ADDRESS.substring(i + 1);
      assertThrows(MalformedException.class, () -> Ss58.parseAnyPrefix(damaged), damaged);
    }
    for (String wrong :
        List.of(
            "",
            "1",
            ALICE_ADDRESS.substring(1),
            ALICE_ADDRESS + "1",
            "1" + ALICE_ADDRESS,
            ALICE_ADDRESS.replace('5', '0'),
            " " + ALICE_ADDRESS,
            "1".repeat(51))) {
      assertThrows(MalformedException.class, () -> Ss58.parseAnyPrefix(wrong), wrong);
    }
  }

  /// 42 as 0x4a 0x80 with a good checksum.
  @Test
  void ss58_longFormOfShortPrefix_isRefused() throws Exception {
    String generic = Ss58.format(new Account(Bytes.zero(32)), 42);
    assertEquals(42, Ss58.parseAnyPrefix(generic).prefix());
    String longForm = "Zp19SpDEQsqP7kWaM771zhV9PBCK7kKwrZrf6ikdKh5UiVAsv";
    assertThrows(MalformedException.class, () -> Ss58.parseAnyPrefix(longForm));
  }

  @Test
  void account_otherSize_isRefused() {
    assertThrows(MalformedException.class, () -> Account.parse(Bytes.zero(31)));
    assertThrows(MalformedException.class, () -> Account.parse(Bytes.zero(33)));
  }
}
