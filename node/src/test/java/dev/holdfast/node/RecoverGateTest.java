package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.message.RecoveryRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a provider makes of recovery requests that are not as they should be.
final class RecoverGateTest {
  private final Fleet fleet = new Fleet(1);
  private final TestNode node = fleet.node("p");
  private final Actor actor = depositor();

  private Actor depositor() {
    node.start();
    fleet.runUntil(() -> node.snapshot().storeOpen());
    Actor member = Actor.member(fleet, node);
    assertEquals("ok", member.deposit(member.parcel()));
    return member;
  }

  private void assertRefused(ProblemCode code, RecoveryRequest request) {
    Problem problem = Actor.problem(actor.recover(request));
    assertEquals(code, problem.code());
    assertEquals(Optional.empty(), problem.detail());
    assertEquals(0, node.snapshot().counters().releases());
  }

  private void assertRefusedWithReason(ProblemCode code, String reason, RecoveryRequest request) {
    Problem problem = Actor.problem(actor.recover(request));
    assertEquals(code, problem.code());
    String detail = problem.detail().orElse("");
    assertTrue(detail.startsWith(reason), detail);
    assertEquals(0, node.snapshot().counters().releases());
  }

  @Test
  void share_asProved_isReleased() {
    RecoveryRequest request = actor.recovery(actor.asked(actor.challenge()));
    HttpReply.Answered answered = actor.recover(request);
    assertEquals("ok", Actor.code(answered));
    assertEquals(Disk.plain(actor.shares.getFirst().value()), actor.open(request, answered));
    assertTrue(node.reported(new Event.Released(actor.account, false)::equals));
  }

  @Test
  void request_replayed_sealsTheSameShareToTheSameKeyAndDoesNotCount() {
    RecoveryRequest request = actor.recovery(actor.asked(actor.challenge()));
    for (int i = 0; i <= Limits.RELEASES_PER_ACCOUNT_AND_HOUR; i++) {
      HttpReply.Answered answered = actor.recover(request);
      assertEquals("ok", Actor.code(answered));
      assertEquals(Disk.plain(actor.shares.getFirst().value()), actor.open(request, answered));
    }
    assertTrue(node.reported(new Event.Released(actor.account, true)::equals));
    assertEquals("ok", Actor.code(actor.recover(actor.recovery(actor.asked(actor.challenge())))));
  }

  @Test
  void request_replayedAfterItsChallengeExpired_isRefused() {
    RecoveryRequest request = actor.recovery(actor.asked(actor.challenge()));
    fleet.runFor(Duration.ofSeconds(61));
    assertRefused(ProblemCode.CHALLENGE_EXPIRED, request);
  }

  @Test
  void challenge_madeUp_isRefused() {
    RecoveryRequest request = actor.recovery(actor.asked(actor.challenge()));
    RecoveryRequest moved =
        withAsked(request, actor.asked(Bytes.zero(request.asked().challenge().size())));
    assertRefused(ProblemCode.CHALLENGE_INVALID, moved);
  }

  private RecoveryRequest withAsked(RecoveryRequest request, RecoveryRequest.Asked asked) {
    return new RecoveryRequest(
        asked, Actor.proof(asked, actor.token.key()), request.quote(), request.collateralDigest());
  }

  @Test
  void challenge_ofAnotherAccount_isRefused() {
    Actor other = Actor.member(fleet, node);
    assertRefused(ProblemCode.CHALLENGE_INVALID, actor.recovery(actor.asked(other.challenge())));
  }

  @Test
  void rates_pastTheLimit_areRefusedForAnHour() {
    for (int i = 0; i < Limits.RELEASES_PER_ACCOUNT_AND_HOUR; i++) {
      assertEquals("ok", Actor.code(actor.recover(actor.recovery(actor.asked(actor.challenge())))));
    }
    RecoveryRequest one = actor.recovery(actor.asked(actor.challenge()));
    assertEquals(ProblemCode.RATE_LIMITED.code(), Actor.code(actor.recover(one)));
    fleet.runFor(Duration.ofMinutes(61));
    assertEquals("ok", Actor.code(actor.recover(actor.recovery(actor.asked(actor.challenge())))));
  }

  @Test
  void account_withoutDeposit_isUnknownWithASignedWord() {
    Actor other = new Actor(fleet, node);
    Problem problem = Actor.problem(other.recover(other.recovery(other.asked(other.challenge()))));
    assertEquals(ProblemCode.UNKNOWN_ACCOUNT, problem.code());
    assertTrue(problem.statement().isPresent());
  }

  @Test
  void diskToken_notKnown_isRefusedBeforeTheQuoteIsLookedAt() {
    RecoveryRequest.Asked asked = actor.asked(actor.challenge());
    Bytes wrong = Actor.proof(asked, Bytes.zero(32));
    assertRefused(
        ProblemCode.TOKEN_INVALID, new RecoveryRequest(asked, wrong, Bytes.EMPTY, Bytes.zero(32)));
  }

  @Test
  void diskTokensProof_forAnotherKey_isRefused() {
    RecoveryRequest.Asked asked = actor.asked(actor.challenge());
    RecoveryRequest.Asked stolen =
        new RecoveryRequest.Asked(
            asked.account(),
            asked.provider(),
            asked.generation(),
            asked.posture(),
            new Actor(fleet, node).responseKeys.publicKey(),
            asked.challenge(),
            asked.entries());
    assertRefused(
        ProblemCode.TOKEN_INVALID,
        new RecoveryRequest(
            stolen,
            Actor.proof(asked, actor.token.key()),
            actor.quote(stolen.reportData()),
            actor.collateral.digest()));
  }

  @Test
  void generation_notHeld_isRefused() {
    actor.generation = 2;
    assertRefusedWithReason(
        ProblemCode.GENERATION_MISMATCH,
        "held: 1, asked: 2",
        actor.recovery(actor.asked(actor.challenge())));
  }

  @Test
  void posture_otherThanTheDeposits_isRefused() {
    actor.posture = Fleet.posture(1, 1);
    assertRefusedWithReason(
        ProblemCode.POSTURE_MISMATCH,
        "the deposit was made under",
        actor.recovery(actor.asked(actor.challenge())));
  }

  @Test
  void posture_claimedButNotQuoted_isRefused() {
    RecoveryRequest.Asked asked = actor.asked(actor.challenge());
    Bytes quoted =
        ReportData.recovery(
            Fleet.posture(1, 1).digest(),
            asked.account(),
            asked.generation(),
            asked.responseKey(),
            asked.entries());
    assertRefusedWithReason(
        ProblemCode.EVIDENCE_REFUSED,
        "report-data-mismatch",
        new RecoveryRequest(
            asked,
            Actor.proof(asked, actor.token.key()),
            actor.quote(quoted),
            actor.collateral.digest()));
  }

  @Test
  void challenge_notAmongTheEntries_isRefused() {
    RecoveryRequest.Asked asked = actor.asked(actor.challenge());
    RecoveryRequest.Asked other =
        new RecoveryRequest.Asked(
            asked.account(),
            asked.provider(),
            asked.generation(),
            asked.posture(),
            asked.responseKey(),
            asked.challenge(),
            List.of(Bytes.zero(32)));
    Problem problem = Actor.problem(actor.recover(actor.recovery(other)));
    assertEquals(ProblemCode.CHALLENGE_NOT_COVERED, problem.code());
  }

  @Test
  void image_otherThanThePolicys_isRefused() {
    actor.image = "tampered";
    assertRefusedWithReason(
        ProblemCode.EVIDENCE_REFUSED,
        "measurement-mismatch",
        actor.recovery(actor.asked(actor.challenge())));
  }

  @Test
  void quote_malformedOrTruncated_isRefused() {
    RecoveryRequest.Asked asked = actor.asked(actor.challenge());
    Bytes proof = Actor.proof(asked, actor.token.key());
    Bytes quote = actor.quote(asked.reportData());
    for (Bytes bad :
        List.of(Bytes.EMPTY, quote.slice(0, quote.size() - 1), quote.slice(0, quote.size() / 2))) {
      assertRefusedWithReason(
          ProblemCode.EVIDENCE_REFUSED,
          "malformed-quote",
          new RecoveryRequest(asked, proof, bad, actor.collateral.digest()));
    }
  }

  @Test
  void quote_ofAnUnknownVersion_isRefused() {
    RecoveryRequest.Asked asked = actor.asked(actor.challenge());
    Bytes proof = Actor.proof(asked, actor.token.key());
    assertRefusedWithReason(
        ProblemCode.EVIDENCE_REFUSED,
        "unsupported-version",
        new RecoveryRequest(asked, proof, Bytes.zero(48), actor.collateral.digest()));
  }

  @Test
  void collateral_notKnown_isAskedForFirst() {
    RecoveryRequest.Asked asked = actor.asked(actor.challenge());
    RecoveryRequest request =
        new RecoveryRequest(
            asked,
            Actor.proof(asked, actor.token.key()),
            actor.quote(asked.reportData()),
            Bytes.zero(32));
    Problem problem = Actor.problem(actor.recover(request));
    assertEquals(ProblemCode.COLLATERAL_UNKNOWN, problem.code());
    assertTrue(problem.code().retryable());
  }

  @Test
  void refusedRelease_isCountedAndReported() {
    actor.image = "tampered";
    actor.recover(actor.recovery(actor.asked(actor.challenge())));
    fleet.runFor(Duration.ofMillis(10));
    assertEquals(1, node.snapshot().counters().releasesRefused());
    assertEquals(
        Map.of(ProblemCode.EVIDENCE_REFUSED, 1L), node.snapshot().counters().releaseRefusals());
    assertTrue(
        node.reported(
            new Event.ReleaseRefused(actor.account, ProblemCode.EVIDENCE_REFUSED)::equals));
  }
}
