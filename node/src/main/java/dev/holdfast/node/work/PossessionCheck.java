package dev.holdfast.node.work;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.PossessionProof;
import dev.holdfast.protocol.message.PossessionRequest;
import java.io.IOException;
import java.util.Optional;

/// Answers whether a share is held, to nobody but its account: the share itself is read anew from
/// the ledger each time.
///
/// Spec: docs/spec/protocol.md#possession
final class PossessionCheck {
  private final Tools tools;
  private final GateContext context;
  private final GateContext.Open open;

  PossessionCheck(Tools tools, GateContext context, GateContext.Open open) {
    this.tools = tools;
    this.context = context;
    this.open = open;
  }

  Admission check(Bytes body) throws MalformedException, Refusal, IOException {
    PossessionRequest.Received received = PossessionRequest.parse(body);
    PossessionRequest request = received.request();
    Gate.requireSelf(open, request.provider());
    try (Holding holding = Holding.read(open.ledger(), request.account())) {
      if (!holding.isKnown()) {
        throw Refusal.of(ProblemCode.UNKNOWN_ACCOUNT);
      }
      if (!received.isSigned(tools.crypto())) {
        throw Refusal.of(ProblemCode.SIGNATURE_INVALID);
      }
      if (request.generation() < holding.retired()) {
        throw Refusal.of(ProblemCode.GENERATION_RETIRED);
      }
      Optional<DepositParcel> held = holding.parcel(request.generation());
      if (held.isEmpty()) {
        throw Refusal.of(
            holding.isEmpty() ? ProblemCode.UNKNOWN_ACCOUNT : ProblemCode.GENERATION_MISMATCH);
      }
      try (DepositParcel parcel = held.get()) {
        PossessionProof proof = request.answers(parcel.share()).of(context.leaving());
        return new Admission.Answered(Workshop.ok(proof.toBytes()));
      }
    }
  }
}
