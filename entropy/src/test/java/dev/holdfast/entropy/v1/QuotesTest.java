package dev.holdfast.entropy.v1;

import static dev.holdfast.entropy.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.Vectors;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.hash.Blake2;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class QuotesTest {
  private static final String FILE = "entropy-v1.txt";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes NONCE = hex("42".repeat(32));

  @Test
  void reportData_vectors_match() throws Exception {
    List<List<String>> rows = Vectors.rows(FILE, "report");
    assertEquals(2, rows.size());
    for (List<String> row : rows) {
      QuoteContext context =
          row.get(2).equals("0")
              ? QuoteContext.VALIDATE
              : QuoteContext.ENCRYPTION_KEY_RECOVERY_REQUEST;
      Bytes data = context.reportData(account(row.get(0)), hex(row.get(1)), NONCE);
      assertEquals(row.get(3), data.slice(0, 32).toHex());
      assertEquals(NONCE, data.slice(32, 32));
    }
  }

  @Test
  void mockKeys_ofAccounts_areTheChainSpecifications() throws Exception {
    List<List<String>> rows = Vectors.rows(FILE, "pck");
    assertEquals(4, rows.size());
    for (List<String> row : rows) {
      BigInteger scalar = MockKeys.pck(account(row.get(0)));
      assertEquals(new BigInteger(row.get(1), 16), scalar);
      assertEquals(row.get(2), MockKeys.compressed(scalar).toHex());
    }
    List<String> genesis = Vectors.rows(FILE, "genesis").getFirst();
    assertEquals(
        new BigInteger(genesis.get(1), 16), MockKeys.genesisAttestation(account(genesis.get(0))));
  }

  @Test
  void mockQuote_created_verifiesWithTheMockMeasurement() throws Exception {
    Account alice = account("ALICE");
    Bytes data = QuoteContext.VALIDATE.reportData(alice, NONCE, NONCE);
    Bytes bytes = MockQuote.create(alice, data, RANDOM);
    assertEquals(MockQuote.SIZE, bytes.size());
    Quote quote = Quote.parse(bytes);
    MockQuote.verify(quote);
    assertEquals(data, quote.reportData());
    assertFalse(quote.debug());
    assertEquals(
        Vectors.rows(FILE, "mock-measurement").getFirst().getFirst(), quote.measurement().toHex());
    assertEquals(MockQuote.ofGenesis(alice, data), MockQuote.ofGenesis(alice, data));
    MockQuote.verify(Quote.parse(MockQuote.ofGenesis(alice, data)));
  }

  /// 1259 bytes with deterministic signatures. The report data is of the form up to 0.4.0.
  @Test
  void mockQuote_ofGenesis_isThePublishedOne() throws Exception {
    List<String> row = Vectors.rows(FILE, "genesis-quote").getFirst();
    try (TssKeys keys = DevelopmentAccount.valueOf(row.get(0)).keys()) {
      Bytes reportData =
          Blake2.b(
              64,
              keys.account().bytes(),
              keys.encryption().publicKey(),
              Bytes.zero(QuoteContext.NONCE_SIZE),
              Bytes.zero(1));
      assertEquals(row.get(1), MockQuote.ofGenesis(keys.account(), reportData).sha256().toHex());
    }
  }

  /// One changed byte in each part; the sizes that the original ignores stay ignored.
  @Test
  void mockQuote_changedInAnyPart_isRefused() {
    Account alice = account("ALICE");
    Bytes bytes = MockQuote.create(alice, Bytes.zero(64), RANDOM);
    for (int offset :
        List.of(
            0, 2, 4, 20, 60, 184, 400, 568, 631, 636, 668, 700, 732, 764, 770, 770 + 320, 770 + 383,
            1154, 1186, 1218, 1220, 1222, 1226, 1258)) {
      byte[] changed = bytes.toArray();
      changed[offset] ^= 1;
      assertThrows(
          MalformedException.class,
          () -> MockQuote.verify(Quote.parse(Bytes.copyOf(changed))),
          "offset " + offset);
    }
    assertThrows(
        MalformedException.class,
        () -> MockQuote.verify(Quote.parse(bytes.slice(0, MockQuote.SIZE - 1))));
  }

  @Test
  void quote_debugBit_isSeen() throws Exception {
    byte[] bytes = MockQuote.create(account("BOB"), Bytes.zero(64), RANDOM).toArray();
    bytes[168] = 1;
    assertTrue(Quote.parse(Bytes.copyOf(bytes)).debug());
  }

  @Test
  void quote_pastItsLimitOrCut_isRefused() throws Exception {
    byte[] head = MockQuote.create(account("BOB"), Bytes.zero(64), RANDOM).toArray();
    Bytes most = Bytes.copyOf(Arrays.copyOf(head, Quote.MAX_SIZE));
    assertEquals(Quote.MAX_SIZE - 632, Quote.parse(most).signatures().size());
    Bytes more = Bytes.copyOf(Arrays.copyOf(head, Quote.MAX_SIZE + 1));
    assertThrows(MalformedException.class, () -> Quote.parse(more));
    assertThrows(MalformedException.class, () -> Quote.parse(most.slice(0, 631)));
  }

  @Test
  void contexts_ofWords_leaveRecoveryOut() {
    assertEquals(Optional.of(QuoteContext.VALIDATE), QuoteContext.ofWord("validate"));
    assertEquals(Optional.of(QuoteContext.CHANGE_ENDPOINT), QuoteContext.ofWord("change_endpoint"));
    assertEquals(Optional.empty(), QuoteContext.ofWord("encryption_key_recovery_request"));
    assertEquals(Optional.empty(), QuoteContext.ofWord(""));
  }

  private static Account account(String name) {
    try (TssKeys keys = DevelopmentAccount.valueOf(name).keys()) {
      return keys.account();
    }
  }
}
