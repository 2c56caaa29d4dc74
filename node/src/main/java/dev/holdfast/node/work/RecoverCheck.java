package dev.holdfast.node.work;

import dev.holdfast.attestation.Claims;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.node.model.Answer;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.Input;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.message.Deposit;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.NoDeposit;
import dev.holdfast.protocol.message.RecoveryRequest;
import dev.holdfast.protocol.message.Release;
import dev.holdfast.protocol.run.Witness;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Judges one recovery request: challenge, deposit, disk token; only then evidence. Until the
/// token's proof held, the requester is a stranger and gets the bare code.
///
/// Never asks the registry.
///
/// Spec: docs/spec/protocol.md#recovery-checks
final class RecoverCheck {
  private final Tools tools;
  private final GateContext.Open open;

  RecoverCheck(Tools tools, GateContext.Open open) {
    this.tools = tools;
    this.open = open;
  }

  Admission check(ExchangeId exchange, Bytes body, Instant now)
      throws MalformedException, Refusal, IOException {
    RecoveryRequest request = RecoveryRequest.parse(body);
    RecoveryRequest.Asked asked = request.asked();
    Gate.requireSelf(open, asked.provider());
    Gate.requireChallenge(tools, asked.challenge(), asked.account(), now);
    try (Holding holding = Holding.read(open.ledger(), asked.account());
        DepositParcel parcel = requireDeposit(holding, asked, body)) {
      requireToken(request, parcel.deposit().terms());
      try {
        Claims claims = requireEvidence(request, parcel.deposit(), now);
        Answer.ShareReleased answer = answer(asked, parcel, holding.record().witness(), body);
        return new Admission.Admitted(
            new Input.ReleaseAsked(exchange, request, platforms(claims), answer));
      } catch (Refusal refusal) {
        throw refusal.reportedAs(
            new Input.GateRefused.OfRelease(asked.account(), refusal.problem().code()));
      }
    }
  }

  /// What is held of the generation that is asked for, or else, to say more to whoever has the disk
  /// token, of another.
  private DepositParcel requireDeposit(Holding holding, RecoveryRequest.Asked asked, Bytes body)
      throws Refusal {
    if (asked.generation() < holding.retired()) {
      throw Refusal.of(ProblemCode.GENERATION_RETIRED);
    }
    Optional<DepositParcel> held = holding.parcel(asked.generation()).or(holding::anyParcel);
    if (held.isEmpty()) {
      throw Refusal.of(noDeposit(asked, body));
    }
    return held.get();
  }

  private Problem noDeposit(RecoveryRequest.Asked asked, Bytes requestBytes) {
    NoDeposit statement = new NoDeposit(asked.provider(), asked.account(), requestBytes.sha256());
    return Problem.of(ProblemCode.UNKNOWN_ACCOUNT)
        .withStatement(statement.sign(tools.crypto(), open.identity().key()));
  }

  private static void requireToken(RecoveryRequest request, SharingTerms terms) throws Refusal {
    RecoveryRequest.Asked asked = request.asked();
    boolean holds =
        DiskToken.holds(
            terms.tokenKey(),
            new DiskToken.Statement(
                asked.account(), asked.provider(), asked.challenge(), asked.responseKey()),
            request.tokenProof());
    if (!holds) {
      throw Refusal.of(ProblemCode.TOKEN_INVALID);
    }
  }

  private Claims requireEvidence(RecoveryRequest request, Deposit deposit, Instant now)
      throws Refusal {
    RecoveryRequest.Asked asked = request.asked();
    SharingTerms terms = deposit.terms();
    if (asked.generation() != terms.generation()) {
      throw Refusal.of(
          ProblemCode.GENERATION_MISMATCH,
          "held: %d, asked: %d".formatted(terms.generation(), asked.generation()));
    }
    if (!asked.posture().equals(terms.posture())) {
      throw Refusal.of(
          ProblemCode.POSTURE_MISMATCH,
          "the deposit was made under %s, the request under %s"
              .formatted(terms.posture().slice(0, 4).toHex(), asked.posture().slice(0, 4).toHex()));
    }
    if (!asked.isCovered()) {
      throw Refusal.of(ProblemCode.CHALLENGE_NOT_COVERED);
    }
    Bytes reportData = asked.reportData();
    PresentEvidence appraisal =
        tools.appraise(
            request.quote(), Gate.requireCollateral(tools, request.collateralDigest()), now);
    if (tools.statements().forRelease(terms.policy(), now).isEmpty()) {
      throw Refusal.of(
          ProblemCode.STATEMENT_EXPIRED,
          "serial %d; have a later one signed".formatted(tools.statements().serial()));
    }
    requireAccepted(appraisal.judge(tools.forRelease(terms.policy(), reportData, now)));
    return requireAccepted(appraisal.judge(tools.posture().floor().policy(reportData)));
  }

  private static Claims requireAccepted(Verdict verdict) throws Refusal {
    return switch (verdict) {
      case Verdict.Accepted accepted -> accepted.claims();
      case Verdict.Rejected rejected ->
          throw Refusal.of(ProblemCode.EVIDENCE_REFUSED, Tools.describe(rejected));
    };
  }

  private Answer.ShareReleased answer(
      RecoveryRequest.Asked asked,
      DepositParcel parcel,
      Optional<Witness.Signed> witness,
      Bytes requestBytes) {
    Deposit deposit = parcel.deposit();
    SharingTerms terms = deposit.terms();
    Bytes commitment =
        Sharing.commitment(terms.context(), new Share(deposit.index(), parcel.share()));
    Release release =
        new Release(
            asked.provider(),
            asked.account(),
            terms.generation(),
            deposit.instance(),
            deposit.index(),
            commitment,
            terms.commitmentsDigest(),
            requestBytes.sha256(),
            witness);
    Bytes info = RecoveryRequest.answerInfo(asked.provider(), asked.account(), requestBytes);
    return new Answer.ShareReleased(
        open.identity(), release, parcel.share().copy(), asked.responseKey(), info);
  }

  private static List<Bytes> platforms(Claims claims) {
    List<Bytes> ids = new ArrayList<>(List.of(claims.platform().ppid()));
    claims.platform().instanceId().ifPresent(ids::add);
    return ids;
  }
}
