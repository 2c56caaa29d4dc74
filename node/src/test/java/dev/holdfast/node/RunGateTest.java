package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.SignedBody;
import dev.holdfast.protocol.message.RecoveryRequest;
import dev.holdfast.protocol.message.ReleaseParcel;
import dev.holdfast.protocol.posture.Fencing;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.ClaimAnswer;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.run.Witness;
import dev.holdfast.protocol.run.WitnessAck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// One provider and a member of which it holds a deposit: what it believes of the member's runs.
final class RunGateTest {
  private static final Duration LEASE = Fencing.DEFAULT.lease();

  private final Fleet fleet = new Fleet(31);
  private final TestNode node = fleet.node("p");
  private final Actor actor = actor();

  private Actor actor() {
    node.start();
    fleet.runUntil(() -> node.snapshot().storeOpen());
    Actor member = Actor.member(fleet, node);
    assertEquals("ok", member.deposit(member.parcel()));
    return member;
  }

  private HttpReply.Answered claim(long instance, char run) {
    return actor.ask(Route.CLAIM, actor.claim(instance, run, false).toBytes());
  }

  private HttpReply.Answered resign(long instance, char run) {
    return actor.ask(Route.CLAIM, actor.claim(instance, run, true).toBytes());
  }

  private HttpReply.Answered witness(long instance, char run, long version, long ledger) {
    return actor.ask(Route.WITNESS, actor.witness(instance, run, version, ledger).toBytes());
  }

  private static void assertCode(ProblemCode code, HttpReply.Answered answered) {
    assertEquals(code.code(), Actor.code(answered));
  }

  private ClaimAnswer answer(HttpReply.Answered answered) {
    try {
      ClaimAnswer.Received received = ClaimAnswer.parse(answered.body());
      assertTrue(received.isSigned(actor.crypto));
      return received.answer();
    } catch (MalformedException e) {
      throw new AssertionError(Actor.code(answered), e);
    }
  }

  /// What the steps of the test take is little.
  private static void assertNear(Duration expected, long millis) {
    assertTrue(Math.abs(expected.toMillis() - millis) <= 100, millis + " ms");
  }

  private static SignedBody statement(HttpReply.Answered answered) {
    return Actor.problem(answered).statement().orElseThrow();
  }

  @Test
  void claim_first_isConfirmedAtOnceAndBySignature() {
    Claim.Signed claim = actor.claim(1, 'a', false);
    ClaimAnswer answer = answer(actor.ask(Route.CLAIM, claim.toBytes()));
    assertEquals(node.account(), answer.provider());
    assertEquals(claim.signed().body().sha256(), answer.claim());
    assertEquals(0, answer.busyMillis());
    assertEquals(Optional.empty(), answer.witness());
  }

  @Test
  void claim_ofAnAccountWithoutDeposit_isRefused() {
    Actor stranger = Actor.member(fleet, node);
    assertCode(
        ProblemCode.UNKNOWN_ACCOUNT,
        stranger.ask(Route.CLAIM, stranger.claim(1, 'a', false).toBytes()));
    assertCode(
        ProblemCode.UNKNOWN_ACCOUNT,
        stranger.ask(Route.WITNESS, stranger.witness(1, 'a', 1, 1).toBytes()));
  }

  @Test
  void claim_signedByAnother_isRefused() {
    Claim claim = actor.claim(1, 'a', false).claim();
    SignedBody forged = claim.sign(actor.crypto, actor.crypto.generateSigningKey());
    assertCode(
        ProblemCode.SIGNATURE_INVALID,
        actor.ask(Route.CLAIM, new Claim.Signed(claim, forged).toBytes()));
    Witness witness = actor.witness(1, 'a', 1, 1).witness();
    assertCode(
        ProblemCode.SIGNATURE_INVALID,
        actor.ask(
            Route.WITNESS,
            witness.sign(actor.crypto, actor.crypto.generateSigningKey()).toBytes()));
  }

  @Test
  void claim_forAnotherProvider_isRefused() {
    Claim own = actor.claim(1, 'a', false).claim();
    Claim other = new Claim(own.account(), own.account(), 1, own.ballot(), own.nonce(), false);
    assertCode(
        ProblemCode.WRONG_PROVIDER,
        actor.ask(
            Route.CLAIM, new Claim.Signed(other, other.sign(actor.crypto, actor.key)).toBytes()));
  }

  @Test
  void claim_belowTheHeldOne_isLostToTheOneThatItsAccountSigned() throws MalformedException {
    answer(claim(3, 'b'));
    for (HttpReply.Answered lost : List.of(claim(2, 'z'), claim(3, 'a'))) {
      assertCode(ProblemCode.CLAIM_LOST, lost);
      Claim.Signed winner = Claim.of(statement(lost));
      assertEquals(Actor.ballot(3, 'b'), winner.claim().ballot());
      assertTrue(winner.isSigned(actor.crypto));
    }
    answer(claim(3, 'c'));
    answer(claim(4, 'a'));
  }

  @Test
  void claim_again_isConfirmedWithoutAnotherWrite() {
    answer(claim(1, 'a'));
    long version = node.disk.store.orElseThrow().ledgerVersion;
    answer(claim(1, 'a'));
    assertEquals(version, node.disk.store.orElseThrow().ledgerVersion);
  }

  @Test
  void claim_afterAnotherRun_waitsOutItsLease() {
    answer(claim(1, 'a'));
    fleet.runFor(Duration.ofSeconds(4));
    answer(claim(1, 'a'));
    fleet.runFor(Duration.ofSeconds(10));
    long busy = answer(claim(2, 'a')).busyMillis();
    assertNear(LEASE.minusSeconds(10), busy);
    fleet.runFor(Duration.ofSeconds(5));
    long again = answer(claim(2, 'a')).busyMillis();
    assertNear(LEASE.minusSeconds(15), again);
    long next = answer(claim(3, 'a')).busyMillis();
    assertNear(LEASE, next);
  }

  @Test
  void claim_afterAResignation_doesNotWait() {
    answer(claim(1, 'a'));
    answer(resign(1, 'a'));
    assertEquals(0, answer(claim(2, 'a')).busyMillis());
  }

  @Test
  void claim_ofARunThatResigned_shownAgain_isRefused() {
    Bytes old = actor.claim(1, 'a', false).toBytes();
    answer(actor.ask(Route.CLAIM, old));
    answer(resign(1, 'a'));
    assertCode(ProblemCode.CLAIM_LOST, actor.ask(Route.CLAIM, old));
    assertEquals(0, answer(claim(2, 'a')).busyMillis());
  }

  @Test
  void witness_later_isHeldAndAcknowledged() throws MalformedException {
    Witness.Signed first = actor.witness(1, 'a', 1, 0);
    WitnessAck.Received ack = WitnessAck.parse(actor.ask(Route.WITNESS, first.toBytes()).body());
    assertTrue(ack.isSigned(actor.crypto));
    assertEquals(first.digest(), ack.ack().witness());
    assertEquals("ok", Actor.code(witness(1, 'a', 2, 0)));
    assertEquals("ok", Actor.code(witness(1, 'a', 2, 1)));
    assertEquals("ok", Actor.code(witness(2, 'a', 1, 0)));
    assertEquals(2, answer(claim(2, 'a')).witness().orElseThrow().witness().ballot().instance());
  }

  @Test
  void witness_same_isAcknowledgedWithoutAnotherWrite() {
    witness(1, 'a', 1, 0);
    long version = node.disk.store.orElseThrow().ledgerVersion;
    assertEquals("ok", Actor.code(witness(1, 'a', 1, 0)));
    assertEquals(version, node.disk.store.orElseThrow().ledgerVersion);
  }

  @Test
  void witness_older_isRefusedWithTheOneHeld() throws MalformedException {
    witness(2, 'a', 5, 5);
    for (HttpReply.Answered old :
        List.of(
            witness(2, 'a', 4, 5),
            witness(2, 'a', 5, 4),
            witness(2, 'a', 6, 4),
            witness(1, 'a', 9, 9))) {
      assertCode(ProblemCode.WITNESS_WENT_BACK, old);
      assertEquals(5, Witness.of(statement(old)).witness().mark().storeVersion());
    }
  }

  @Test
  void witness_ofTheSameVersionWithOtherContent_isAFork() throws MalformedException {
    witness(1, 'a', 5, 5);
    Witness held = actor.witness(1, 'b', 5, 5).witness();
    var mark = new StoreMark(5, Actor.mac("fork", 5), 5, held.mark().ledgerMac());
    Witness.Signed forked =
        new Witness(held.account(), held.ballot(), mark).sign(actor.crypto, actor.key);
    HttpReply.Answered refused = actor.ask(Route.WITNESS, forked.toBytes());
    assertCode(ProblemCode.WITNESS_FORKED, refused);
    assertTrue(Witness.of(statement(refused)).isSigned(actor.crypto));
    fleet.runFor(Duration.ofMillis(10));
    assertTrue(node.reported(Event.ForkSeen.class::isInstance));
    assertEquals(1, node.snapshot().counters().forksSeen());
  }

  @Test
  void witness_ofARunThatLost_isRefused() {
    answer(claim(3, 'b'));
    assertCode(ProblemCode.CLAIM_LOST, witness(2, 'a', 5, 5));
    assertCode(ProblemCode.CLAIM_LOST, witness(3, 'a', 5, 5));
    assertEquals("ok", Actor.code(witness(3, 'b', 5, 5)));
  }

  @Test
  void release_carriesTheWitnessHeld() throws MalformedException {
    Witness.Signed witness = actor.witness(1, 'a', 5, 5);
    actor.ask(Route.WITNESS, witness.toBytes());
    RecoveryRequest request = actor.recovery(actor.asked(actor.challenge()));
    HttpReply.Answered answered = actor.ask(Route.RECOVER, request.toBytes());
    try (ReleaseParcel parcel = actor.parcelOf(request, answered)) {
      assertEquals(witness, parcel.release().witness().orElseThrow());
    }
  }

  @Test
  void ledgerThatFails_confirmsNothing() {
    node.failLedgerWrites = 2;
    assertCode(ProblemCode.LEDGER_FAILED, claim(1, 'a'));
    assertCode(ProblemCode.LEDGER_FAILED, witness(1, 'a', 1, 1));
    assertEquals(0, answer(claim(1, 'a')).busyMillis());
  }
}
