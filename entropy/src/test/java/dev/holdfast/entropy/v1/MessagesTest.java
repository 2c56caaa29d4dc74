package dev.holdfast.entropy.v1;

import static dev.holdfast.entropy.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.Vectors;
import dev.holdfast.entropy.account.Ss58;
import dev.holdfast.entropy.sr25519.Sr25519;
import dev.holdfast.protocol.Endpoint;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MessagesTest {
  private static final String FILE = "entropy-v1.txt";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TssKeys alice = DevelopmentAccount.ALICE.keys();
  private final TssKeys bob = DevelopmentAccount.BOB.keys();

  @AfterEach
  void close() {
    alice.close();
    bob.close();
  }

  @Test
  void developmentAccounts_allFive_haveTheOriginalsKeys() throws Exception {
    List<List<String>> rows = Vectors.rows(FILE, "account");
    assertEquals(DevelopmentAccount.values().length, rows.size());
    for (List<String> row : rows) {
      try (TssKeys keys = DevelopmentAccount.valueOf(row.get(0)).keys();
          SecretBytes seed = keys.seed();
          SecretBytes secret = keys.encryption().secret()) {
        assertEquals(row.get(1), keys.account().bytes().toHex());
        assertEquals(row.get(2), keys.account().toString());
        assertEquals(row.get(3), seed.apply(Bytes::copyOf).toHex());
        assertEquals(row.get(4), secret.apply(Bytes::copyOf).toHex());
        assertEquals(row.get(5), keys.encryption().publicKey().toHex());
      }
    }
  }

  @Test
  void seal_knownEphemeralKey_givesTheVectorsBytes() throws Exception {
    List<String> row = Vectors.rows(FILE, "hpke").getFirst();
    SecretBytes inner = SignedMessage.write(hex("01".repeat(32)), bob.account(), Bytes.zero(64));
    assertEquals(306, inner.size());
    Hpke.Sealed sealed =
        Hpke.seal(
            alice.encryption().publicKey(),
            inner,
            new X25519PrivateKeyParameters(hex(row.get(0)).toArray()));
    assertEquals(row.get(1), sealed.encapsulation().toHex());
    assertEquals(row.get(3), sealed.ciphertext().toHex());
    assertEquals(765, EncryptedSignedMessage.of(sealed).toJson().size());
    assertTrue(Hpke.open(alice.encryption(), sealed).sameAs(inner));
  }

  /// The vector's signature is all zero: it opens, and is refused.
  @Test
  void open_signatureThatDoesNotHold_isRefused() throws Exception {
    List<String> row = Vectors.rows(FILE, "hpke").getFirst();
    EncryptedSignedMessage message = EncryptedSignedMessage.parse(outer(row.get(3), row.get(1)));
    assertRefused("signature", message, alice);
  }

  @Test
  void open_whatWasSealed_isPayloadAndSender() throws Exception {
    EncryptedSignedMessage message = sealed();
    EncryptedSignedMessage again = EncryptedSignedMessage.parse(message.toJson());
    try (SignedMessage opened = again.open(alice.encryption())) {
      assertEquals(bob.account(), opened.sender());
      assertEquals(hex("05".repeat(32)), opened.payload().apply(Bytes::copyOf));
    }
  }

  @Test
  void open_otherReceiverOrChangedBytes_isRefused() throws Exception {
    EncryptedSignedMessage message = sealed();
    assertRefused("sealed to this key", message, bob);
    String json = new String(message.toJson().toArray(), StandardCharsets.US_ASCII);
    int last = json.indexOf("\",\"encapsulation") - 1;
    String changed =
        json.substring(0, last) + (json.charAt(last) == '0' ? '1' : '0') + json.substring(last + 1);
    assertRefused("sealed to this key", EncryptedSignedMessage.parse(Bytes.utf8(changed)), alice);
    String zero =
        json.replaceAll(
            "\"encapsulation\":\"0x[0-9a-f]*", "\"encapsulation\":\"0x" + "00".repeat(32));
    assertRefused("sealed to this key", EncryptedSignedMessage.parse(Bytes.utf8(zero)), alice);
  }

  @Test
  void open_innerOfAnotherForm_isRefused() throws Exception {
    String good = inner(bob.account().toString(), "0x" + "05".repeat(32));
    open(good).close();
    open(good.replace(",\"receiver_x25519\":null", ",\"more\":{}")).close();
    for (String wrong :
        List.of(
            "",
            "{}",
            "[]",
            good + "x",
            good.replace("\"message\":\"0x", "\"message\":\"0x0"),
            good.replace("\"message\"", "\"massage\""),
            good.replace("\"receiver_x25519\":null", "\"receiver_x25519\":[1,2]"),
            good.replace("\"receiver_x25519\":null", "\"message\":\"0x\""),
            good.replace(bob.account().toString(), alice.account().toString()),
            good.replace(bob.account().toString(), Ss58.format(bob.account(), 0)))) {
      assertThrows(MalformedException.class, () -> open(wrong), wrong);
    }
  }

  /// What the original's hexadecimal parser takes.
  @Test
  void parse_hexInOtherSpellings_isTaken() throws Exception {
    String json = new String(sealed().toJson().toArray(), StandardCharsets.US_ASCII);
    for (String other : List.of(json.replace("0x", ""), json.replace("0x", "0x "))) {
      EncryptedSignedMessage.parse(Bytes.utf8(other)).open(alice.encryption()).close();
    }
  }

  @Test
  void parse_outerOfAnotherForm_isRefused() throws Exception {
    String good = new String(sealed().toJson().toArray(), StandardCharsets.US_ASCII);
    for (String wrong :
        List.of(
            "",
            "null",
            "{\"hpke_message\":{}}",
            good.replace("hpke_message", "hpke"),
            good.replace("\"encapsulation\":\"0x", "\"encapsulation\":\"0x00"),
            good.replaceAll("\"encapsulation\":\"0x..", "\"encapsulation\":\"0x"),
            good.replace("\"encapsulation\":\"0x", "\"encapsulation\":\"0xgg"),
            good.replace("\"ciphertext\":\"0x", "\"ciphertext\":\"0x" + "00".repeat(7000)),
            good + good)) {
      assertThrows(
          MalformedException.class, () -> EncryptedSignedMessage.parse(Bytes.utf8(wrong)), wrong);
    }
  }

  @Test
  void seal_toSmallOrderKey_isRefused() {
    try (SecretBytes payload = SecretBytes.copyOf(new byte[32])) {
      assertThrows(
          MalformedException.class,
          () -> EncryptedSignedMessage.seal(payload, bob.signing(), Bytes.zero(32), RANDOM));
    }
  }

  @Test
  void providerDetails_writtenAndParsed_areTheOriginals() throws Exception {
    ProviderDetails details =
        new ProviderDetails(
            new ServerInfo(
                alice.encryption().publicKey(), Endpoint.parse("127.0.0.1:3001"), alice.account()),
            bob.account());
    String json = new String(details.toBytes().toArray(), StandardCharsets.US_ASCII);
    assertTrue(json.startsWith("{\"provider\":{\"x25519_public_key\":[8,22,19,230,"), json);
    assertTrue(
        json.endsWith(
            "],\"ip_address\":\"127.0.0.1:3001\","
                + "\"tss_account\":\"5DACCJgQV6sHoYUKfTGEimddFxe16NJXgkzHZ3RC9QCBShMH\"},"
                + "\"tss_account\":\"5D5Mw6WbWwYf1SH9NUeVVHmf9SJSHJ9KictU3DsEQ1ti6eUb\"}"),
        json);
    assertEquals(details, ProviderDetails.parse(Bytes.utf8(json)));
    for (String wrong :
        List.of(
            json.replace("127.0.0.1:3001", "127.0.0.1"),
            json.replace("127.0.0.1:3001", "127.0.0.1:3001/x?"),
            json.replace("127.0.0.1:3001", "user@127.0.0.1:3001"),
            json.replace("127.0.0.1:3001", "169.254.169.254:80"),
            json.replace("[8,22,", "[8,256,"),
            json.replace("[8,22,", "[22,"),
            json.replace("[8,22,", "[8,-1,"),
            json.replace("[8,22,", "[8,1.5,"),
            json.replace("5D5M", "5D5N"))) {
      assertThrows(MalformedException.class, () -> ProviderDetails.parse(Bytes.utf8(wrong)), wrong);
    }
  }

  @Test
  void recoveryRequest_writtenAndParsed_isTheSame() throws Exception {
    RecoveryRequest request =
        new RecoveryRequest(bob.account(), hex("01".repeat(32)), hex("00ff10"));
    String json = new String(request.toBytes().toArray(), StandardCharsets.US_ASCII);
    assertTrue(json.endsWith("\"quote\":[0,255,16]}"), json);
    assertEquals(request, RecoveryRequest.parse(Bytes.utf8(json)));
    String otherPrefix = json.replace(bob.account().toString(), Ss58.format(bob.account(), 1284));
    assertEquals(request, RecoveryRequest.parse(Bytes.utf8(otherPrefix)));
    String longQuote = json.replace("[0,255,16]", JsonBytes.numbers(Bytes.zero(Quote.MAX_SIZE)));
    assertEquals(Quote.MAX_SIZE, RecoveryRequest.parse(Bytes.utf8(longQuote)).quote().size());
    for (String wrong :
        List.of(
            json.replace("[0,255,16]", "\"00ff10\""),
            json.replace("[0,255,16]", JsonBytes.numbers(Bytes.zero(Quote.MAX_SIZE + 1))),
            json.replace("response_key\":[1,", "response_key\":["),
            json.replace("response_key\":[1,", "response_key\":[1,1,"))) {
      assertThrows(MalformedException.class, () -> RecoveryRequest.parse(Bytes.utf8(wrong)));
    }
  }

  private EncryptedSignedMessage sealed() throws MalformedException {
    try (SecretBytes payload = SecretBytes.copyOf(hex("05".repeat(32)).toArray())) {
      return EncryptedSignedMessage.seal(
          payload, bob.signing(), alice.encryption().publicKey(), RANDOM);
    }
  }

  private String inner(String sender, String message) {
    Bytes signature = bob.signing().sign(Sr25519.SUBSTRATE, hex("05".repeat(32)), RANDOM);
    return "{\"message\":\"%s\",\"sender\":\"%s\",\"signature\":\"%s\",\"receiver_x25519\":null}"
        .formatted(message, sender, signature.toHex());
  }

  private SignedMessage open(String inner) throws MalformedException {
    try (SecretBytes text = SecretBytes.copyOf(inner.getBytes(StandardCharsets.UTF_8))) {
      return EncryptedSignedMessage.of(Hpke.seal(alice.encryption().publicKey(), text, RANDOM))
          .open(alice.encryption());
    }
  }

  private static Bytes outer(String ciphertext, String encapsulation) {
    return Bytes.utf8(
        "{\"hpke_message\":{\"ciphertext\":\"0x%s\",\"encapsulation\":\"0x%s\"}}"
            .formatted(ciphertext, encapsulation));
  }

  private static void assertRefused(String why, EncryptedSignedMessage message, TssKeys receiver) {
    MalformedException e =
        assertThrows(MalformedException.class, () -> message.open(receiver.encryption()));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
  }
}
