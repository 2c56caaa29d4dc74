package dev.holdfast.node.work;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.Input;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.Retire;
import dev.holdfast.protocol.run.RetireAck;
import java.io.IOException;
import java.util.List;

/// Judges a retirement: from the account itself, and only from the run that has claimed it here, so
/// that a copy which was overtaken cannot take the shares of the one that serves.
///
/// Spec: docs/spec/protocol.md#retire
final class RetireCheck {
  private final Tools tools;
  private final GateContext.Open open;

  RetireCheck(Tools tools, GateContext.Open open) {
    this.tools = tools;
    this.open = open;
  }

  Admission check(ExchangeId exchange, Bytes body) throws MalformedException, Refusal, IOException {
    Retire.Signed asked = Retire.parse(body);
    Retire retire = asked.retire();
    Gate.requireSelf(open, retire.provider());
    try (Holding holding = Holding.read(open.ledger(), retire.account())) {
      if (!holding.isKnown()) {
        throw Refusal.of(ProblemCode.UNKNOWN_ACCOUNT);
      }
      if (!asked.isSigned(tools.crypto())) {
        throw Refusal.of(ProblemCode.SIGNATURE_INVALID);
      }
      requireClaimed(retire, holding);
      List<Effect.Change> changes = holding.retiring(retire.generation());
      return changes.isEmpty()
          ? new Admission.Answered(acknowledged(asked))
          : new Admission.Admitted(new Input.RetireAsked(exchange, asked, changes));
    }
  }

  private static void requireClaimed(Retire retire, Holding holding) throws Refusal {
    RunCheck.requireNotBeaten(retire.ballot(), false, holding.record());
    boolean claimed =
        holding
            .record()
            .claim()
            .map(Claim.Signed::claim)
            .filter(claim -> claim.ballot().equals(retire.ballot()))
            .isPresent();
    if (!claimed) {
      throw Refusal.of(ProblemCode.CLAIM_MISSING);
    }
  }

  private HttpAnswer acknowledged(Retire.Signed retire) {
    RetireAck ack = new RetireAck(open.identity().account(), retire.digest());
    return Workshop.ok(ack.sign(tools.crypto(), open.identity().key()));
  }
}
