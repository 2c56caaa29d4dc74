package dev.holdfast.entropy.chain;

import static dev.holdfast.entropy.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.account.SecretUri;
import dev.holdfast.entropy.chain.ChainException.Kind;
import dev.holdfast.entropy.development.ChainFault;
import dev.holdfast.entropy.development.ChainStub;
import dev.holdfast.entropy.development.DevelopmentChain;
import dev.holdfast.entropy.scale.ScaleReader;
import dev.holdfast.entropy.sr25519.Sr25519;
import dev.holdfast.entropy.sr25519.Sr25519Key;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SubstrateChainTest {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Duration STALLED = Duration.ofMinutes(3);
  private static final Account STASH = new Account(hex("11".repeat(32)));
  private static final Account OTHER = new Account(hex("12".repeat(32)));
  private static final ChainServer SERVER =
      new ChainServer(
          new Account(hex("22".repeat(32))), hex("33".repeat(32)), Bytes.utf8("a:1"), hex("44"));

  private final DevelopmentChain state = new DevelopmentChain();
  private final List<ChainStub> stubs = new ArrayList<>();
  private final List<SubstrateChain> chains = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  @BeforeEach
  void start() throws Exception {
    state
        .validators(List.of(STASH, OTHER))
        .signers(List.of(STASH))
        .server(STASH, SERVER)
        .balance(SERVER.account(), BigInteger.TEN.pow(30))
        .accepted(List.of(hex("55".repeat(32))))
        .produce()
        .finalise();
    stub();
  }

  @AfterEach
  void stop() {
    chains.forEach(SubstrateChain::close);
    stubs.forEach(ChainStub::close);
  }

  @Test
  void queries_finalisedState_areAnswered() throws Exception {
    Chain chain = chain();
    assertEquals(List.of(STASH, OTHER), chain.validators());
    assertEquals(List.of(STASH), chain.signers());
    assertEquals(Optional.of(SERVER), chain.server(STASH));
    assertEquals(Optional.empty(), chain.server(OTHER));
    assertEquals(Optional.of(STASH), chain.stashOf(SERVER.account()));
    assertEquals(Optional.empty(), chain.stashOf(OTHER));
    assertEquals(Set.of(hex("55".repeat(32))), chain.acceptedMeasurements());
    assertEquals(Optional.of(BigInteger.TEN.pow(30)), chain.freeBalance(SERVER.account()));
    assertEquals(Optional.empty(), chain.freeBalance(OTHER));
    assertEquals(Optional.empty(), chain.pendingAttestation(SERVER.account()));
  }

  @Test
  void query_unfinalisedBlock_isNotSeen() throws Exception {
    Chain chain = chain();
    state.validators(List.of(OTHER)).produce();
    assertEquals(List.of(STASH, OTHER), chain.validators());
    state.reorganise().produce();
    assertEquals(List.of(STASH, OTHER), chain.validators());
    state.validators(List.of(OTHER)).produce().finalise();
    assertEquals(List.of(OTHER), chain.validators());
  }

  @Test
  void query_finalisedBlockReplaced_isRefused() throws Exception {
    Chain chain = chain();
    chain.validators();
    state.betray();
    assertFails(Kind.CHAIN_WENT_BACK, chain);
    state.produce().finalise();
    assertFails(Kind.CHAIN_WENT_BACK, chain);
  }

  @Test
  void query_nothingFinalisedForLong_isStalled() throws Exception {
    Chain chain = chain();
    chain.validators();
    now = now.plus(STALLED);
    chain.validators();
    now = now.plusMillis(1);
    assertFails(Kind.CHAIN_STALLED, chain);
    state.produce().finalise();
    chain.validators();
  }

  @Test
  void query_faultsOfOneEndpoint_haveTheirKinds() throws Exception {
    Map<ChainFault, Kind> kinds =
        Map.of(
            ChainFault.DROPPING, Kind.CHAIN_UNAVAILABLE,
            ChainFault.MALFORMED, Kind.CHAIN_UNAVAILABLE,
            ChainFault.OVERSIZED, Kind.CHAIN_UNAVAILABLE,
            ChainFault.OTHER_GENESIS, Kind.CHAIN_OTHER_GENESIS,
            ChainFault.OTHER_METADATA_VERSION, Kind.CHAIN_MALFORMED,
            ChainFault.OTHER_TYPES, Kind.CHAIN_OTHER_RUNTIME,
            ChainFault.REFUSING, Kind.CHAIN_REFUSED);
    for (Map.Entry<ChainFault, Kind> row : kinds.entrySet()) {
      stubs.getFirst().fault(row.getKey());
      assertFails(row.getValue(), chain());
    }
    stubs.getFirst().fault(ChainFault.NONE);
    chain().validators();
  }

  @Test
  void query_silentEndpoint_endsAtTheDeadline() {
    stubs.getFirst().fault(ChainFault.SILENT);
    assertFails(Kind.CHAIN_UNAVAILABLE, chain(Duration.ofMillis(300)));
  }

  /// As when the other side is gone and nobody says so: only a new connection helps.
  @Test
  void query_connectionSilentForEver_connectsAgain() throws Exception {
    Chain chain = chain(Duration.ofSeconds(3));
    chain.validators();
    stubs.getFirst().freezeConnections();
    assertFails(Kind.CHAIN_UNAVAILABLE, chain);
    assertEquals(List.of(STASH, OTHER), chain.validators());
  }

  @Test
  void query_connectionDropped_connectsAgain() throws Exception {
    Chain chain = chain();
    chain.validators();
    stubs.getFirst().dropConnections();
    for (int tries = 0; ; tries++) {
      try {
        assertEquals(List.of(STASH, OTHER), chain.validators());
        return;
      } catch (ChainException e) {
        // The end of the old connection may be seen by one call.
        assertTrue(tries < 2 && e.kind() == Kind.CHAIN_UNAVAILABLE, e.getMessage());
      }
    }
  }

  @Test
  void query_severalEndpoints_minorityMayFailButNoneMayLie() throws Exception {
    stub();
    stub();
    Chain chain = chain();
    stubs.get(0).fault(ChainFault.DROPPING);
    assertEquals(List.of(STASH, OTHER), chain.validators());
    stubs.get(1).fault(ChainFault.DROPPING);
    assertFails(Kind.CHAIN_UNAVAILABLE, chain);
    stubs.get(0).fault(ChainFault.NONE);
    stubs.get(1).fault(ChainFault.LYING);
    assertFails(Kind.CHAIN_DISAGREES, chain);
    stubs.get(1).fault(ChainFault.NONE);
    assertEquals(List.of(STASH, OTHER), chain.validators());
  }

  @Test
  void query_malformedValue_isRefused() throws Exception {
    Chain chain = chain();
    for (String value : List.of("08" + "11".repeat(32), "04" + "11".repeat(33), "0100", "ffff")) {
      state.put(StorageKey.VALIDATORS.prefix(), hex(value)).produce().finalise();
      assertFails(Kind.CHAIN_MALFORMED, chain);
    }
  }

  @Test
  void awaitFinalised_announcement_isHeard() throws Exception {
    SubstrateChain chain = chain();
    assertFalse(chain.awaitFinalised(Duration.ofMillis(1)));
    stubs.getFirst().announce();
    assertTrue(chain.awaitFinalised(DEADLINE));
  }

  @Test
  void submit_requestAttestation_isSignedForThisChainAndBlock() throws Exception {
    SecureRandom random = new SecureRandom();
    try (Sr25519Key key = SecretUri.parse("//Alice", random)) {
      Extrinsics.Signer signer = new Extrinsics.Signer(key, random);
      chain().submit(Extrinsics.Call.requestAttestation(), signer);
      chain().submit(Extrinsics.Call.requestAttestation(), signer);
      ScaleReader outer = ScaleReader.of("extrinsic", stubs.getFirst().submitted().get(1));
      ScaleReader in = ScaleReader.of("extrinsic", outer.byteList(1024, "extrinsic"));
      outer.requireEnd("extrinsic");
      assertEquals(hex("8400" + key.publicKey().toHex() + "01"), in.bytes(35, "head"));
      Bytes signature = in.bytes(64, "signature");
      Bytes rest = in.rest();
      // Era of 32 blocks at phase 1, nonce 1, no tip, call 58.1.
      assertEquals("14000400" + "3a01", rest.toHex());
      Bytes signed =
          hex(
              "3a01"
                  + "14000400"
                  + "90010000"
                  + "09000000"
                  + state.genesis().toHex()
                  + finalisedHash().toHex());
      assertTrue(Sr25519.verify(key.publicKey(), Sr25519.SUBSTRATE, signed, signature));
    }
  }

  @Test
  void calls_ofAllKinds_haveTheirNumbers() throws Exception {
    Metadata metadata = node().release().metadata();
    for (Map.Entry<Extrinsics.Call, String> row :
        Map.of(
                Extrinsics.Call.requestAttestation(), "3a01",
                Extrinsics.Call.changeEndpoint(Bytes.EMPTY, Bytes.EMPTY), "0c00",
                Extrinsics.Call.changeThresholdAccounts(STASH, Bytes.zero(32), Bytes.EMPTY), "0c01",
                Extrinsics.Call.validate(SERVER), "0c05")
            .entrySet()) {
      Extrinsics.Call call = row.getKey();
      assertEquals(
          row.getValue(),
          metadata.call(call.pallet(), call.name(), call.fields().toString()).toHex());
    }
    assertThrows(ChainException.class, () -> metadata.call("Attestation", "attest", "[]"));
    assertThrows(
        ChainException.class, () -> metadata.call("Attestation", "request_attestation", "[u8]"));
  }

  private Bytes finalisedHash() throws Exception {
    return node().finalisedHead().hash();
  }

  private ChainNode node() throws Exception {
    ChainNode node =
        new ChainNode(
            HttpClient.newHttpClient(), endpoints().getFirst(), state.genesis(), DEADLINE);
    node.finalisedHead();
    return node;
  }

  private void stub() throws Exception {
    stubs.add(ChainStub.start(state, 0));
  }

  private SubstrateChain chain() throws Exception {
    return chain(DEADLINE);
  }

  private SubstrateChain chain(Duration deadline) {
    SubstrateChain chain =
        SubstrateChain.of(
            endpoints(), state.genesis(), new SubstrateChain.Options(deadline, STALLED), () -> now);
    chains.add(chain);
    return chain;
  }

  private List<ChainEndpoint> endpoints() {
    return stubs.stream()
        .map(stub -> {
          try {
            return ChainEndpoint.parse("ws://127.0.0.1:" + stub.port());
          } catch (MalformedException e) {
            throw new AssertionError(e);
          }
        })
        .toList();
  }

  private static void assertFails(Kind kind, Chain chain) {
    assertEquals(kind, assertThrows(ChainException.class, chain::validators).kind());
  }
}
