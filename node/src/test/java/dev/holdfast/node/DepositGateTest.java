package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.protocol.EvidenceFloor;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.ReleasePolicy;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.protocol.message.Deposit;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.DepositRequest;
import dev.holdfast.protocol.message.ProofRequest;
import dev.holdfast.protocol.message.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a provider makes of deposits that are not as they should be.
final class DepositGateTest {
  private final Fleet fleet = new Fleet(1);
  private final TestNode node = fleet.node("p");
  private final Actor actor = Actor.member(started(), node);

  private Fleet started() {
    node.start();
    fleet.runUntil(() -> node.snapshot().storeOpen());
    return fleet;
  }

  private Bytes held() {
    return node.disk.store.orElseThrow().ledger.getOrDefault(actor.account, Bytes.EMPTY);
  }

  private String send(DepositRequest request) {
    return Actor.code(actor.ask(Route.DEPOSIT, request.toBytes()));
  }

  private void assertRefused(ProblemCode expected, String code) {
    assertEquals(expected.code(), code);
    assertEquals(Bytes.EMPTY, held());
  }

  @Test
  void deposit_ofAMember_isHeldAndReceipted() throws MalformedException {
    DepositParcel parcel = actor.parcel();
    HttpReply.Answered answered = actor.ask(Route.DEPOSIT, actor.request(parcel).toBytes());
    Receipt.Received received = Receipt.parse(answered.body());
    assertTrue(received.isSigned(actor.crypto));
    assertEquals(Receipt.of(parcel.deposit(), parcel.digest(), false), received.receipt());
    assertEquals(Disk.plain(parcel.toSecret()), held());
    assertEquals(1, node.snapshot().counters().depositsTaken());
  }

  @Test
  void deposit_sentAgain_getsItsReceiptAgainWithoutAnotherWrite() {
    DepositRequest request = actor.request(actor.parcel());
    assertEquals("ok", send(request));
    fleet.runFor(Duration.ofMinutes(5));
    assertEquals("ok", send(request));
    assertEquals(1, node.snapshot().counters().depositsTaken());
  }

  @Test
  void deposit_ofAStranger_isRefused() {
    Actor stranger = new Actor(fleet, node);
    EnvelopeKey key = actor.prove();
    DepositParcel parcel = stranger.parcel();
    Bytes challenge = stranger.challenge();
    List<Bytes> entries = List.of(stranger.entry(parcel, challenge));
    DepositRequest request =
        new DepositRequest(
            stranger.account,
            node.account(),
            challenge,
            entries,
            stranger.seal(key, parcel, challenge),
            stranger.depositQuote(entries),
            stranger.collateral.digest());
    String code = Actor.code(stranger.ask(Route.DEPOSIT, request.toBytes()));
    assertEquals(ProblemCode.NOT_A_MEMBER.code(), code);
    assertTrue(node.disk.store.orElseThrow().ledger.isEmpty());
  }

  @Test
  void proof_askedByAStranger_costsNoQuote() {
    Actor stranger = new Actor(fleet, node);
    int before = node.quotes;
    ProofRequest request =
        new ProofRequest(
            stranger.account, node.account(), 1, stranger.challenge(), stranger.random(32));
    String code =
        Actor.code(stranger.ask(Route.PROVIDER_PROOF, request.sign(stranger.crypto, stranger.key)));
    assertEquals(ProblemCode.NOT_A_MEMBER.code(), code);
    assertEquals(before, node.quotes);
  }

  @Test
  void proof_signedByAnother_isRefused() {
    ProofRequest request =
        new ProofRequest(actor.account, node.account(), 1, actor.challenge(), actor.random(32));
    Bytes signed = request.sign(actor.crypto, new Actor(fleet, node).key);
    assertEquals(
        ProblemCode.SIGNATURE_INVALID.code(), Actor.code(actor.ask(Route.PROVIDER_PROOF, signed)));
  }

  @Test
  void deposit_sealedToAnotherKey_isRefused() {
    DepositParcel parcel = actor.parcel();
    DepositRequest good = actor.request(parcel);
    Bytes sealed = actor.seal(actor.responseKeys.publicKey(), parcel, good.challenge());
    assertRefused(ProblemCode.ENVELOPE_NOT_OPENED, send(withSealed(good, sealed)));
  }

  private DepositRequest withSealed(DepositRequest from, Bytes sealed) {
    return new DepositRequest(
        from.depositor(),
        from.provider(),
        from.challenge(),
        from.entries(),
        sealed,
        from.quote(),
        from.collateralDigest());
  }

  @Test
  void deposit_signedByAnother_isRefused() {
    Deposit deposit = new Deposit(actor.terms(actor.origin()), node.account(), 1, 1);
    DepositParcel forged =
        DepositParcel.sign(
            actor.crypto, new Actor(fleet, node).key, deposit, actor.shares.getFirst().value());
    assertRefused(ProblemCode.SIGNATURE_INVALID, actor.deposit(forged));
  }

  @Test
  void deposit_ofAShareNotCommittedTo_isRefused() {
    Deposit deposit = new Deposit(actor.terms(actor.origin()), node.account(), 1, 1);
    DepositParcel wrong =
        DepositParcel.sign(actor.crypto, actor.key, deposit, actor.shares.get(1).value());
    assertRefused(ProblemCode.SHARE_INVALID, actor.deposit(wrong));
  }

  @Test
  void deposit_ofAShortShare_isRefused() {
    DepositParcel parcel = actor.parcel();
    DepositRequest good = actor.request(parcel);
    EnvelopeKey key = actor.prove();
    Bytes info = DepositRequest.info(actor.account, node.account(), good.challenge());
    for (int size : new int[] {0, 1, 31, 32, 95, 96, 97}) {
      Bytes cut = Disk.plain(parcel.toSecret()).slice(0, size);
      try (SecretBytes plaintext = Disk.secret(cut)) {
        Bytes sealed = actor.crypto.seal(key, info, Bytes.EMPTY, plaintext);
        assertRefused(ProblemCode.MALFORMED_MESSAGE, send(withSealed(good, sealed)));
      }
    }
  }

  @Test
  void deposit_underAnotherPosture_isRefused() {
    actor.posture = Fleet.posture(1, 1);
    assertRefused(ProblemCode.POSTURE_MISMATCH, actor.deposit(actor.parcel()));
  }

  @Test
  void deposit_whosePolicyIsWiderThanThePosture_isRefused() {
    EvidenceFloor wide =
        new EvidenceFloor(List.of(TcbStatus.UP_TO_DATE, TcbStatus.OUT_OF_DATE), List.of(), 0);
    actor.policy = new ReleasePolicy(actor.policy.measurements(), Optional.empty(), wide);
    assertRefused(ProblemCode.POLICY_TOO_WIDE, actor.deposit(actor.parcel()));
  }

  @Test
  void deposit_byAnotherImageThanItsPolicyAccepts_isRefused() {
    Origin origin = actor.origin();
    actor.image = "other";
    assertRefused(
        ProblemCode.EVIDENCE_REFUSED, actor.deposit(actor.parcel(actor.terms(origin), 1)));
  }

  @Test
  void deposit_withAnOriginOfAnotherImage_isRefused() {
    actor.image = "other";
    Origin origin = actor.origin();
    actor.image = "app";
    assertRefused(ProblemCode.ORIGIN_REFUSED, actor.deposit(actor.parcel(actor.terms(origin), 1)));
  }

  @Test
  void deposit_withAnOriginOfAnotherKey_isRefused() {
    Origin origin =
        new Origin(
            actor.birth(), new Actor(fleet, node).origin().quote(), actor.collateral.digest());
    assertRefused(ProblemCode.ORIGIN_REFUSED, actor.deposit(actor.parcel(actor.terms(origin), 1)));
  }

  @Test
  void deposit_withoutAnOriginQuote_isRefused() {
    Origin origin = new Origin(actor.birth(), Bytes.EMPTY, actor.collateral.digest());
    assertRefused(ProblemCode.ORIGIN_REFUSED, actor.deposit(actor.parcel(actor.terms(origin), 1)));
  }

  @Test
  void deposit_whoseQuoteCoversAnotherDeposit_isRefused() {
    DepositRequest good = actor.request(actor.parcel());
    DepositParcel other = actor.parcel(actor.terms(actor.origin()), 2);
    Bytes sealed = actor.seal(actor.prove(), other, good.challenge());
    assertRefused(ProblemCode.CHALLENGE_NOT_COVERED, send(withSealed(good, sealed)));
  }

  @Test
  void deposit_whoseQuoteIsNotOverItsEntries_isRefused() {
    DepositParcel parcel = actor.parcel();
    DepositRequest good = actor.request(parcel);
    DepositRequest other =
        new DepositRequest(
            good.depositor(),
            good.provider(),
            good.challenge(),
            List.of(good.entries().getFirst(), Bytes.zero(32)),
            good.sealed(),
            good.quote(),
            good.collateralDigest());
    assertRefused(ProblemCode.EVIDENCE_REFUSED, send(other));
  }

  @Test
  void deposit_underAnUnknownCollateral_isAskedForIt() {
    DepositRequest good = actor.request(actor.parcel());
    DepositRequest other =
        new DepositRequest(
            good.depositor(),
            good.provider(),
            good.challenge(),
            good.entries(),
            good.sealed(),
            good.quote(),
            Bytes.zero(32));
    assertRefused(ProblemCode.COLLATERAL_UNKNOWN, send(other));
  }

  @Test
  void deposit_afterItsChallengeExpired_isRefused() {
    DepositRequest request = actor.request(actor.parcel());
    fleet.runFor(Duration.ofSeconds(61));
    assertRefused(ProblemCode.CHALLENGE_EXPIRED, send(request));
  }

  @Test
  void generation_goingBack_isRefusedAndTheLaterOneKept() {
    actor.generation = 2;
    assertEquals("ok", actor.deposit(actor.parcel()));
    Bytes before = held();
    actor.generation = 1;
    actor.instance = 9;
    assertEquals(ProblemCode.GENERATION_WENT_BACK.code(), actor.deposit(actor.parcel()));
    assertEquals(before, held());
  }

  @Test
  void instance_goingBackOrTheSameWithAnotherDeposit_isRefused() {
    actor.instance = 3;
    assertEquals("ok", actor.deposit(actor.parcel()));
    Bytes before = held();
    assertEquals(
        ProblemCode.INSTANCE_WENT_BACK.code(),
        actor.deposit(actor.parcel(actor.terms(actor.origin()), 2)));
    actor.instance = 2;
    assertEquals(ProblemCode.INSTANCE_WENT_BACK.code(), actor.deposit(actor.parcel()));
    assertEquals(before, held());
    actor.instance = 4;
    assertEquals("ok", actor.deposit(actor.parcel()));
    assertNotEquals(before, held());
  }

  @Test
  void overwrite_byAnImageThatTheHeldDepositDoesNotAccept_isRefused() {
    assertEquals("ok", actor.deposit(actor.parcel()));
    Bytes before = held();
    actor.image = "evil";
    actor.instance = 2;
    actor.policy = policyOfAnotherImage("evil");
    assertEquals(ProblemCode.OVERWRITE_REFUSED.code(), actor.deposit(actor.parcel()));
    assertEquals(before, held());
  }

  /// The release policy of whoever runs another image and took the account's key over.
  private ReleasePolicy policyOfAnotherImage(String image) {
    TestNode twin = fleet.node("twin");
    twin.image = image;
    twin.start();
    fleet.runUntil(() -> twin.snapshot().storeOpen());
    try {
      return Manifest.parse(twin.disk.pending.orElseThrow()).manifest().terms().policy();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void ledgerThatFails_givesNoReceipt() {
    node.failLedgerWrites = 1;
    assertRefused(ProblemCode.LEDGER_FAILED, actor.deposit(actor.parcel()));
    assertEquals("ok", actor.deposit(actor.parcel()));
  }

  @Test
  void refusedDeposit_isCountedAndReported() {
    actor.posture = Fleet.posture(1, 1);
    assertRefused(ProblemCode.POSTURE_MISMATCH, actor.deposit(actor.parcel()));
    fleet.runFor(Duration.ofMillis(10));
    assertEquals(1, node.snapshot().counters().depositsRefused());
    assertEquals(
        Map.of(ProblemCode.POSTURE_MISMATCH, 1L), node.snapshot().counters().depositRefusals());
    assertTrue(
        node.reported(
            new Event.DepositRefused(actor.account, ProblemCode.POSTURE_MISMATCH)::equals));
    assertFalse(node.reported(Event.DepositTaken.class::isInstance));
  }
}
