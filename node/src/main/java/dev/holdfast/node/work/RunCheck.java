package dev.holdfast.node.work;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.HttpAnswer;
import dev.holdfast.node.model.Input;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.run.Ballot;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.RunRecord;
import dev.holdfast.protocol.run.Witness;
import dev.holdfast.protocol.run.WitnessAck;
import java.io.IOException;
import java.util.Optional;

/// Judges what a run says of itself: its claim to speak for its account, and what its store holds.
/// Only for accounts whose deposit is held, and only what they signed; the registry is not asked.
///
/// A refusal shows what it rests on, signed by the account itself, so that no provider can make a
/// run believe in another one that does not exist.
///
/// Spec: docs/spec/protocol.md#claims
final class RunCheck {
  private final Tools tools;
  private final GateContext.Open open;

  RunCheck(Tools tools, GateContext.Open open) {
    this.tools = tools;
    this.open = open;
  }

  Admission claim(ExchangeId exchange, Bytes body) throws MalformedException, Refusal, IOException {
    Claim.Signed asked = Claim.parse(body);
    Claim claim = asked.claim();
    Gate.requireSelf(open, claim.provider());
    requireKnown(claim.account());
    if (!asked.isSigned(tools.crypto())) {
      throw Refusal.of(ProblemCode.SIGNATURE_INVALID);
    }
    Optional<Bytes> held = open.ledger().runs(claim.account());
    RunRecord record = RunRecord.ofLedger(held);
    if (claim.generation() < record.retired()) {
      throw Refusal.of(
          ProblemCode.GENERATION_RETIRED, "everything below " + record.retired() + " is retired");
    }
    requireNotBeaten(claim.ballot(), claim.resigned(), record);
    return new Admission.Admitted(new Input.ClaimAsked(exchange, asked, held));
  }

  Admission witness(ExchangeId exchange, Bytes body)
      throws MalformedException, Refusal, IOException {
    Witness.Signed offered = Witness.parse(body);
    Witness witness = offered.witness();
    requireKnown(witness.account());
    if (!offered.isSigned(tools.crypto())) {
      throw Refusal.of(ProblemCode.SIGNATURE_INVALID);
    }
    Optional<Bytes> held = open.ledger().runs(witness.account());
    RunRecord record = RunRecord.ofLedger(held);
    requireNotBeaten(witness.ballot(), true, record);
    Witness.Order order =
        record.witness().map(known -> witness.compare(known.witness())).orElse(Witness.Order.NEWER);
    return switch (order) {
      case NEWER -> new Admission.Admitted(new Input.WitnessOffered(exchange, offered, held));
      case SAME -> new Admission.Answered(acknowledged(offered));
      case OLDER -> throw refused(ProblemCode.WITNESS_WENT_BACK, record);
      case FORKED ->
          throw refused(ProblemCode.WITNESS_FORKED, record)
              .reportedAs(new Input.GateRefused.OfFork(witness.account()));
    };
  }

  private HttpAnswer acknowledged(Witness.Signed witness) {
    WitnessAck ack = new WitnessAck(open.identity().account(), witness.digest());
    return Workshop.ok(ack.sign(tools.crypto(), open.identity().key()));
  }

  /// A deposit is held, or was until it was retired: the providers of a generation confirm a run
  /// until those of the next can do without them.
  private void requireKnown(AccountId account) throws Refusal, IOException {
    if (!open.ledger().holds(account)
        && RunRecord.ofLedger(open.ledger().runs(account)).retired() == 0) {
      throw Refusal.of(ProblemCode.UNKNOWN_ACCOUNT);
    }
  }

  /// A run that resigned does not come back, or an old claim shown again would undo it.
  static void requireNotBeaten(Ballot ballot, boolean mayBeResigned, RunRecord record)
      throws Refusal {
    if (record.claim().isEmpty()) {
      return;
    }
    Claim held = record.claim().get().claim();
    int order = ballot.compareTo(held.ballot());
    if (order < 0 || (order == 0 && held.resigned() && !mayBeResigned)) {
      throw Refusal.of(
          Problem.of(ProblemCode.CLAIM_LOST, "run %s has claimed it".formatted(held.ballot()))
              .withStatement(record.claim().get().signed()));
    }
  }

  private static Refusal refused(ProblemCode code, RunRecord record) {
    return Refusal.of(Problem.of(code).withStatement(record.witness().orElseThrow().signed()));
  }
}
