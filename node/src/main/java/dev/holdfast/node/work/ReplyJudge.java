package dev.holdfast.node.work;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.Outcome;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.message.ChallengeAnswer;
import dev.holdfast.protocol.message.Deposit;
import dev.holdfast.protocol.message.PossessionProof;
import dev.holdfast.protocol.message.ProviderProof;
import dev.holdfast.protocol.message.Receipt;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Judges the replies of peers. Whatever a peer sends is a [Reply]; nothing it sends is an
/// exception.
final class ReplyJudge {
  private final Tools tools;
  private final TaskWork taskWork;
  private final ReleaseJudge releaseJudge;
  private final RunJudge runJudge;

  ReplyJudge(Tools tools, TaskWork taskWork) {
    this.tools = tools;
    this.taskWork = taskWork;
    this.releaseJudge = new ReleaseJudge(tools);
    this.runJudge = new RunJudge(tools);
  }

  Outcome judge(Call call, HttpReply reply, Instant now) {
    return switch (reply) {
      case HttpReply.Unreachable unreachable ->
          fail(call, Setback.passing(Setback.UNREACHABLE, unreachable.detail()));
      case HttpReply.Silent _ ->
          fail(call, Setback.passing(Setback.SILENT, "no answer before the deadline"));
      case HttpReply.Answered answered when answered.status() / 100 == 2 ->
          accept(call, answered, now);
      case HttpReply.Answered answered -> refuse(call, answered);
    };
  }

  private Outcome accept(Call call, HttpReply.Answered answered, Instant now) {
    try {
      return switch (call) {
        case Call.AskChallenge ask -> challenge(ask, answered.body());
        case Call.AskProof ask -> proof(ask, answered, now);
        case Call.SendDeposit send -> settle(call, receipt(send, answered.body()));
        case Call.AskRelease ask -> settle(call, releaseJudge.judge(ask, answered.body()));
        case Call.SendClaim send -> settle(call, runJudge.judge(send, answered.body()));
        case Call.SendWitness send -> settle(call, runJudge.judge(send, answered.body()));
        case Call.SendRetire send -> settle(call, runJudge.judge(send, answered.body()));
        case Call.AskPossession ask -> settle(call, possession(ask, answered.body()));
        case Call.FetchStatement fetch -> {
          tools.statements().offer(answered.body());
          yield settle(fetch.then(), fetch.reply());
        }
        case Call.PushStatement push -> settle(push.then(), push.reply());
        case Call.TellStatement _ -> settle(call, new Reply.Told());
        case Call.FetchCollateral fetch -> fetched(fetch, answered.body(), now);
        case Call.PushCollateral push -> pushed(push);
        case Call.Again again -> accept(again.call(), answered, now);
      };
    } catch (MalformedException e) {
      return fail(call, Setback.passing(Setback.ANSWER_MALFORMED, Setback.words(e)));
    }
  }

  /// Whoever holds the later release statement gives it to the other first.
  private Outcome challenge(Call.AskChallenge ask, Bytes body) throws MalformedException {
    ChallengeAnswer answer = ChallengeAnswer.parse(body);
    if (!answer.provider().equals(ask.peer().account())) {
      return settle(
          ask, failed(Setback.of(ProblemCode.WRONG_PROVIDER, "another account answers there")));
    }
    Reply reply = new Reply.Challenged(answer.challenge());
    Endpoint endpoint = ask.peer().endpoint();
    long own = tools.statements().serial();
    if (answer.statement() > own) {
      return new Outcome.Follow(new Call.FetchStatement(endpoint, ask, reply));
    }
    Optional<Bytes> statement = tools.statements().bytes();
    return answer.statement() < own && statement.isPresent()
        ? new Outcome.Follow(new Call.PushStatement(endpoint, statement.get(), ask, reply))
        : settle(ask, reply);
  }

  private Outcome proof(Call.AskProof ask, HttpReply.Answered answered, Instant now)
      throws MalformedException {
    ProviderProof.Received received = ProviderProof.parse(answered.body());
    ProviderProof proof = received.proof();
    if (!proof.provider().equals(ask.peer().account()) || !received.isSigned(tools.crypto())) {
      return settle(
          ask,
          failed(Setback.passing(Setback.WRONG_SIGNER, "the proof is not signed by the member")));
    }
    if (!proof.nonces().contains(ask.nonce())) {
      return settle(
          ask,
          failed(Setback.passing(Setback.PROOF_REFUSED, "the proof does not cover our nonce")));
    }
    Optional<Collateral> collateral = tools.shelf().find(received.collateralDigest());
    if (collateral.isEmpty()) {
      return new Outcome.Follow(
          new Call.FetchCollateral(
              ask.peer().endpoint(),
              received.collateralDigest(),
              new Call.Pending.Answered(ask, answered)));
    }
    Bytes reportData = proof.reportData(tools.postureDigest());
    Verdict verdict =
        tools
            .appraise(received.quote(), collateral.get(), now)
            .judge(tools.forDeposit(ask.accepted(), reportData, now));
    return settle(
        ask,
        switch (verdict) {
          case Verdict.Accepted accepted ->
              new Reply.Proved(proof.envelopeKey(), accepted.claims());
          case Verdict.Rejected rejected ->
              failed(Setback.passing(Setback.PROOF_REFUSED, Tools.describe(rejected)));
        });
  }

  private Reply receipt(Call.SendDeposit send, Bytes body) throws MalformedException {
    Receipt.Received received = Receipt.parse(body);
    Receipt receipt = received.receipt();
    if (!receipt.provider().equals(send.peer().account()) || !received.isSigned(tools.crypto())) {
      return failed(
          Setback.passing(Setback.WRONG_SIGNER, "the receipt is not signed by the provider"));
    }
    Deposit deposit = send.parcel().deposit();
    Receipt expected = Receipt.of(deposit, send.parcel().digest(), receipt.firm());
    return receipt.equals(expected)
        ? new Reply.Acknowledged(received)
        : failed(Setback.passing(Setback.WRONG_RECEIPT, "the receipt is for another deposit"));
  }

  private static Reply possession(Call.AskPossession ask, Bytes body) throws MalformedException {
    PossessionProof proof = PossessionProof.parse(body);
    return ask.expected().contain(proof)
        ? new Reply.Possessed(proof.leaving())
        : failed(Setback.passing(Setback.NOT_POSSESSED, "it proved to hold something else"));
  }

  private Outcome fetched(Call.FetchCollateral fetch, Bytes body, Instant now)
      throws MalformedException {
    Collateral collateral = Collateral.parse(body);
    if (!collateral.digest().equals(fetch.digest())) {
      return fail(
          fetch, Setback.of(ProblemCode.COLLATERAL_MALFORMED, "not the collateral of this digest"));
    }
    tools.shelf().put(collateral);
    return switch (fetch.then()) {
      case Call.Pending.Answered pending -> judge(pending.call(), pending.reply(), now);
      case Call.Pending.Work pending -> taskWork.perform(pending.task(), now);
    };
  }

  private static Outcome pushed(Call.PushCollateral push) {
    List<Collateral> rest = push.documents().subList(1, push.documents().size());
    return new Outcome.Follow(
        rest.isEmpty()
            ? new Call.Again(push.then())
            : new Call.PushCollateral(push.endpoint(), rest, push.then()));
  }

  private Outcome refuse(Call call, HttpReply.Answered answered) {
    Problem problem;
    try {
      problem = Problem.parse(answered.body());
    } catch (MalformedException e) {
      return fail(
          call, Setback.passing(Setback.ANSWER_MALFORMED, "HTTP status " + answered.status()));
    }
    if (problem.code() == ProblemCode.COLLATERAL_UNKNOWN) {
      Optional<Call> push = push(call);
      if (push.isPresent()) {
        return new Outcome.Follow(push.get());
      }
    }
    return settledRefusal(call, problem);
  }

  private Outcome settledRefusal(Call call, Problem problem) {
    return switch (call) {
      case Call.AskRelease ask -> settle(ask, releaseJudge.refused(ask, problem));
      case Call.SendClaim send -> settle(send, runJudge.refused(send, problem));
      case Call.Again again -> settledRefusal(again.call(), problem);
      case Call.AskChallenge _,
          Call.AskProof _,
          Call.SendDeposit _,
          Call.SendWitness _,
          Call.SendRetire _,
          Call.AskPossession _,
          Call.FetchStatement _,
          Call.PushStatement _,
          Call.TellStatement _,
          Call.FetchCollateral _,
          Call.PushCollateral _ ->
          fail(call, Setback.of(problem));
    };
  }

  /// What the peer may lack for this call, if it was not given already.
  private Optional<Call> push(Call call) {
    return switch (call) {
      case Call.SendDeposit send ->
          push(
              call,
              send.peer().endpoint(),
              List.of(
                  send.evidence().collateralDigest(),
                  send.parcel().deposit().terms().origin().collateralDigest()));
      case Call.AskRelease ask ->
          push(call, ask.peer().endpoint(), List.of(ask.request().collateralDigest()));
      case Call.AskChallenge _,
          Call.AskProof _,
          Call.SendClaim _,
          Call.SendWitness _,
          Call.SendRetire _,
          Call.AskPossession _,
          Call.FetchStatement _,
          Call.PushStatement _,
          Call.TellStatement _,
          Call.FetchCollateral _,
          Call.PushCollateral _,
          Call.Again _ ->
          Optional.empty();
    };
  }

  private Optional<Call> push(Call call, Endpoint endpoint, List<Bytes> digests) {
    List<Collateral> had =
        new TreeSet<>(digests)
            .stream().flatMap(digest -> tools.shelf().find(digest).stream()).toList();
    return had.isEmpty()
        ? Optional.empty()
        : Optional.of(new Call.PushCollateral(endpoint, had, call));
  }

  /// A call for collateral that fails, fails what waited for it.
  private Outcome fail(Call call, Setback setback) {
    return switch (call) {
      case Call.Again again -> fail(again.call(), setback);
      case Call.PushCollateral push -> fail(push.then(), setback);
      case Call.FetchStatement fetch -> settle(fetch.then(), fetch.reply());
      case Call.PushStatement push -> settle(push.then(), push.reply());
      case Call.FetchCollateral fetch ->
          switch (fetch.then()) {
            case Call.Pending.Answered pending -> fail(pending.call(), setback);
            case Call.Pending.Work pending -> taskWork.settleWithout(pending.task(), setback);
          };
      case Call.AskChallenge _,
          Call.AskProof _,
          Call.SendDeposit _,
          Call.AskRelease _,
          Call.SendClaim _,
          Call.SendWitness _,
          Call.SendRetire _,
          Call.AskPossession _,
          Call.TellStatement _ ->
          settle(call, failed(setback));
    };
  }

  private static Reply failed(Setback setback) {
    return new Reply.Failed(setback);
  }

  private static Outcome settle(Call call, Reply reply) {
    return new Outcome.Settled(new Input.PeerAnswered(call, reply));
  }
}
