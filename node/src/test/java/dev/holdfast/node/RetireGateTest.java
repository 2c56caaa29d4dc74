package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.PossessionProof;
import dev.holdfast.protocol.message.PossessionRequest;
import dev.holdfast.protocol.run.Retire;
import dev.holdfast.protocol.run.RetireAck;
import dev.holdfast.protocol.run.RunRecord;
import org.junit.jupiter.api.Test;

/// One provider and a member of which it holds a deposit: when it forgets it, and what it proves to
/// hold. In each refusal one thing is wrong and everything else is validly signed.
final class RetireGateTest {
  private final Fleet fleet = new Fleet(35);
  private final TestNode node = fleet.node("p");
  private final Actor actor = actor();

  private Actor actor() {
    node.start();
    fleet.runUntil(() -> node.snapshot().storeOpen());
    Actor member = Actor.member(fleet, node);
    assertEquals("ok", member.deposit(member.parcel()));
    return member;
  }

  private void claim(long instance, char run, boolean resigned) {
    assertEquals(
        "ok", Actor.code(actor.ask(Route.CLAIM, actor.claim(instance, run, resigned).toBytes())));
  }

  private String retire(long below, long instance, char run) {
    return Actor.code(actor.ask(Route.RETIRE, actor.retire(below, instance, run).toBytes()));
  }

  private boolean holds() {
    return node.disk.store.orElseThrow().holds(actor.account);
  }

  @Test
  void retire_byTheRunThatClaimed_forgetsWhatIsOlder() throws MalformedException {
    claim(1, 'a', false);
    Retire.Signed retire = actor.retire(2, 1, 'a');
    RetireAck.Received ack = RetireAck.parse(actor.ask(Route.RETIRE, retire.toBytes()).body());
    assertTrue(ack.isSigned(actor.crypto));
    assertEquals(new RetireAck(node.account(), retire.digest()), ack.ack());
    assertFalse(holds());
    assertEquals(2, holding().retired());
    assertEquals("ok", retire(2, 1, 'a'));
  }

  private RunRecord holding() {
    return RunRecord.ofLedger(node.disk.store.orElseThrow().runs(actor.account));
  }

  @Test
  void retire_ofThePresentGeneration_keepsIt() {
    claim(1, 'a', false);
    assertEquals("ok", retire(1, 1, 'a'));
    assertTrue(holds());
  }

  @Test
  void retired_account_takesClaimsOfItsRunAndNoOlderDeposit() {
    claim(1, 'a', false);
    DepositParcel older = actor.parcel();
    assertEquals("ok", retire(actor.generation + 1, 1, 'a'));
    assertEquals(
        ProblemCode.GENERATION_RETIRED.code(),
        Actor.code(actor.ask(Route.CLAIM, actor.claim(2, 'b', false).toBytes())));
    assertEquals(ProblemCode.GENERATION_RETIRED.code(), actor.deposit(older));
    assertEquals(
        ProblemCode.GENERATION_RETIRED.code(),
        Actor.code(
            actor.ask(Route.RECOVER, actor.recovery(actor.asked(actor.challenge())).toBytes())));
    actor.generation++;
    claim(2, 'b', false);
  }

  @Test
  void retire_beforeAnyClaim_isRefused() {
    assertEquals(ProblemCode.CLAIM_MISSING.code(), retire(2, 1, 'a'));
    assertTrue(holds());
  }

  @Test
  void retire_byALaterRunThatDidNotClaim_isRefused() {
    claim(1, 'a', false);
    assertEquals(ProblemCode.CLAIM_MISSING.code(), retire(2, 2, 'a'));
    assertTrue(holds());
  }

  @Test
  void retire_byARunThatWasOvertaken_isRefused() {
    claim(2, 'b', false);
    assertEquals(ProblemCode.CLAIM_LOST.code(), retire(2, 1, 'a'));
    assertTrue(holds());
  }

  @Test
  void retire_byARunThatResigned_isRefused() {
    claim(1, 'a', true);
    assertEquals(ProblemCode.CLAIM_LOST.code(), retire(2, 1, 'a'));
    assertTrue(holds());
  }

  @Test
  void retire_signedByAnother_isRefused() {
    claim(1, 'a', false);
    Bytes forged =
        actor
            .retire(2, 1, 'a')
            .retire()
            .sign(actor.crypto, actor.crypto.generateSigningKey())
            .toBytes();
    assertEquals(ProblemCode.SIGNATURE_INVALID.code(), Actor.code(actor.ask(Route.RETIRE, forged)));
    assertTrue(holds());
  }

  @Test
  void retire_ofAStranger_isRefused() {
    Actor stranger = Actor.member(fleet, node);
    assertEquals(
        ProblemCode.UNKNOWN_ACCOUNT.code(),
        Actor.code(stranger.ask(Route.RETIRE, stranger.retire(2, 1, 'a').toBytes())));
  }

  @Test
  void possession_ofAHeldShare_isProvedByTheShareAlone() throws MalformedException {
    PossessionRequest request = actor.possession(actor.generation);
    Bytes sent = request.sign(actor.crypto, actor.key);
    PossessionProof proof = PossessionProof.parse(actor.ask(Route.POSSESSION, sent).body());
    try (DepositParcel parcel = actor.parcel()) {
      assertEquals(request.answers(parcel.share()).staying(), proof);
      assertNotEquals(request.answers(parcel.share()).leaving().mac(), proof.mac());
    }
  }

  @Test
  void possession_ofAnotherGenerationOrAccountOrSigner_isRefused() {
    PossessionRequest later = actor.possession(actor.generation + 1);
    assertEquals(ProblemCode.GENERATION_MISMATCH.code(), possession(actor, later));
    Actor stranger = Actor.member(fleet, node);
    assertEquals(ProblemCode.UNKNOWN_ACCOUNT.code(), possession(stranger, stranger.possession(1)));
    Bytes forged =
        actor.possession(actor.generation).sign(actor.crypto, actor.crypto.generateSigningKey());
    assertEquals(
        ProblemCode.SIGNATURE_INVALID.code(), Actor.code(actor.ask(Route.POSSESSION, forged)));
  }

  private static String possession(Actor asking, PossessionRequest request) {
    return Actor.code(asking.ask(Route.POSSESSION, request.sign(asking.crypto, asking.key)));
  }
}
