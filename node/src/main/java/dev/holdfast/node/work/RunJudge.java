package dev.holdfast.node.work;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.ClaimAnswer;
import dev.holdfast.protocol.run.RetireAck;
import dev.holdfast.protocol.run.Witness;
import dev.holdfast.protocol.run.WitnessAck;

/// Judges the answers of providers to claims, witnesses and retirements.
final class RunJudge {
  private final Tools tools;

  RunJudge(Tools tools) {
    this.tools = tools;
  }

  Reply judge(Call.SendClaim send, Bytes body) throws MalformedException {
    ClaimAnswer.Received received = ClaimAnswer.parse(body);
    ClaimAnswer answer = received.answer();
    if (!answer.provider().equals(send.peer().account()) || !received.isSigned(tools.crypto())) {
      return failed(Setback.WRONG_SIGNER, "the answer is not signed by the provider");
    }
    if (!answer.claim().equals(send.claim().signed().body().sha256())) {
      return failed(Setback.ANSWER_MALFORMED, "the answer is to another claim");
    }
    AccountId own = send.claim().claim().account();
    if (answer.witness().filter(witness -> !isOwn(own, witness)).isPresent()) {
      return failed(Setback.ANSWER_MALFORMED, "its witness is not signed by this account");
    }
    return new Reply.Claimed(answer);
  }

  /// That another run has claimed the account is believed when the account itself has signed it.
  Reply refused(Call.SendClaim send, Problem problem) {
    Setback setback = Setback.of(problem);
    if (problem.code() != ProblemCode.CLAIM_LOST || problem.statement().isEmpty()) {
      return new Reply.Failed(setback);
    }
    try {
      Claim.Signed winner = Claim.of(problem.statement().get());
      Claim sent = send.claim().claim();
      boolean beats =
          winner.claim().account().equals(sent.account())
              && winner.claim().ballot().compareTo(sent.ballot()) > 0
              && winner.isSigned(tools.crypto());
      return beats
          ? new Reply.ClaimLost(winner.claim().ballot(), setback)
          : failed(Setback.ANSWER_MALFORMED, "no later run of this account signed that claim");
    } catch (MalformedException e) {
      return failed(Setback.ANSWER_MALFORMED, Setback.words(e));
    }
  }

  Reply judge(Call.SendWitness send, Bytes body) throws MalformedException {
    WitnessAck.Received received = WitnessAck.parse(body);
    WitnessAck ack = received.ack();
    if (!ack.provider().equals(send.peer().account()) || !received.isSigned(tools.crypto())) {
      return failed(Setback.WRONG_SIGNER, "the acknowledgement is not signed by the provider");
    }
    return ack.witness().equals(send.witness().digest())
        ? new Reply.Witnessed()
        : failed(Setback.ANSWER_MALFORMED, "the acknowledgement is for another witness");
  }

  Reply judge(Call.SendRetire send, Bytes body) throws MalformedException {
    RetireAck.Received received = RetireAck.parse(body);
    RetireAck ack = received.ack();
    if (!ack.provider().equals(send.peer().account()) || !received.isSigned(tools.crypto())) {
      return failed(Setback.WRONG_SIGNER, "the acknowledgement is not signed by the provider");
    }
    return ack.retire().equals(send.retire().digest())
        ? new Reply.Retired()
        : failed(Setback.ANSWER_MALFORMED, "the acknowledgement is for another retirement");
  }

  private boolean isOwn(AccountId own, Witness.Signed witness) {
    return witness.witness().account().equals(own) && witness.isSigned(tools.crypto());
  }

  private static Reply failed(String code, String detail) {
    return new Reply.Failed(Setback.passing(code, detail));
  }
}
