package dev.holdfast.entropy.chain;

import static dev.holdfast.entropy.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.v1.DevelopmentAccount;
import dev.holdfast.entropy.v1.TssKeys;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StorageKeyTest {
  private static final Map<StorageKey, String> PREFIXES =
      Map.of(
          StorageKey.VALIDATORS,
          "cec5070d609dd3497f72bde07fc96ba088dcde934c658227ee1dfafcd6e16903",
          StorageKey.THRESHOLD_SERVERS,
          "ebdeae436e3f7a63d02b7bc7c9ee6fa008115f6b9e1cfdbb8d879cede7dd41df",
          StorageKey.THRESHOLD_TO_STASH,
          "ebdeae436e3f7a63d02b7bc7c9ee6fa0e3be67d15f3569a18fe030114220227e",
          StorageKey.SIGNERS,
          "ebdeae436e3f7a63d02b7bc7c9ee6fa0828a071ac2a83edfa70c7722de26157e",
          StorageKey.ACCEPTED_MEASUREMENTS,
          "c63bdd4a39095ccf55623a6f2872bf8a14252acfdfb8bc0a538add2626525346",
          StorageKey.PENDING_ATTESTATIONS,
          "6310fed47319b658f9b8b2504e0d72ec0d979aa56eb6883458aeef676046320c",
          StorageKey.ACCOUNT,
          "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9");

  @Test
  void prefixes_allItems_areTheChains() {
    assertEquals(StorageKey.values().length, PREFIXES.size());
    PREFIXES.forEach((key, prefix) -> assertEquals(prefix, key.prefix().toHex(), key.name()));
  }

  @Test
  void keys_ofEntries_areTheChains() {
    try (TssKeys alice = DevelopmentAccount.ALICE.keys()) {
      assertEquals(
          PREFIXES.get(StorageKey.THRESHOLD_TO_STASH)
              + "e5449f8e88b5d3eaff455c596d3c7dad"
              + alice.account().bytes().toHex(),
          StorageKey.THRESHOLD_TO_STASH.of(alice.account()).toHex());
    }
    String bobStash = "fe65717dad0447d715f660a0a58411de509b42e6efb8375f562f58a554d5860e";
    assertEquals(
        PREFIXES.get(StorageKey.THRESHOLD_SERVERS) + "6f2e33376834a63c86a195bcf685aebb" + bobStash,
        StorageKey.THRESHOLD_SERVERS.of(new Account(hex(bobStash))).toHex());
    assertEquals(
        PREFIXES.get(StorageKey.ACCEPTED_MEASUREMENTS) + "7025e075d5e2f6cde3cc051a31f0766000",
        StorageKey.acceptedOfServers().toHex());
  }

  @Test
  void chainServer_trailingOrLongEndpoint_isRefused() throws Exception {
    Account account = new Account(Bytes.zero(32));
    ChainServer server = new ChainServer(account, hex("01".repeat(32)), Bytes.zero(100), hex("aa"));
    assertEquals(server, ChainServer.parse(server.encode()));
    ChainServer longer =
        new ChainServer(account, hex("01".repeat(32)), Bytes.zero(101), Bytes.EMPTY);
    assertThrows(MalformedException.class, () -> ChainServer.parse(longer.encode()));
    Bytes cut = server.encode().slice(0, server.encode().size() - 1);
    assertThrows(MalformedException.class, () -> ChainServer.parse(cut));
    Bytes more = Bytes.copyOf(Arrays.copyOf(server.encode().toArray(), server.encode().size() + 1));
    assertThrows(MalformedException.class, () -> ChainServer.parse(more));
  }

  @Test
  void chainEndpoint_pathsUsersAndOtherSchemes_areRefused() throws Exception {
    assertEquals("ws://127.0.0.1:9944", ChainEndpoint.parse("ws://127.0.0.1:9944").toString());
    assertTrue(ChainEndpoint.parse("wss://node.example:443").tls());
    for (String wrong :
        List.of(
            "127.0.0.1:9944",
            "http://127.0.0.1:9944",
            "ws://127.0.0.1",
            "ws://127.0.0.1:9944/",
            "ws://127.0.0.1:9944/path?x",
            "ws://user:secret@127.0.0.1:9944",
            "ws://169.254.169.254:80",
            "ws://127.0.0.1:0")) {
      assertThrows(MalformedException.class, () -> ChainEndpoint.parse(wrong), wrong);
    }
  }
}
