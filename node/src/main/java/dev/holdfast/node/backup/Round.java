package dev.holdfast.node.backup;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.context.Vault;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.ProviderStatus.Progress;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.message.Deposit;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.ProofRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One round of deposits: a challenge and a live proof from each provider, one quote over all
/// deposits, then the deposits. A provider that is too slow is left for the next round.
///
/// Spec: docs/spec/protocol.md#deposit
final class Round {
  private final NodeContext context;
  private final Quotes quotes;
  private final List<Part> parts = new ArrayList<>();
  private final Vault vault;
  private final Set<Bytes> taken;
  private Optional<Instant> closeAt = Optional.empty();
  private boolean closed;

  /// One provider's part.
  private static final class Part {
    private final Slot slot;
    private final Bytes nonce;
    private boolean waiting = true;
    private Optional<Bytes> challenge = Optional.empty();
    private Optional<EnvelopeKey> envelopeKey = Optional.empty();

    private Part(Slot slot, Bytes nonce) {
      this.slot = slot;
      this.nonce = nonce;
    }

    private boolean isProved() {
      return envelopeKey.isPresent();
    }
  }

  /// Starts a round for `slots`; nobody in it may run on a machine of `taken`.
  Round(NodeContext context, Quotes quotes, Vault vault, List<Slot> slots, Set<Bytes> taken) {
    this.context = context;
    this.vault = vault;
    this.quotes = quotes;
    this.taken = new TreeSet<>(taken);
    for (Slot slot : slots) {
      slot.busy(Progress.CHALLENGED);
      parts.add(new Part(slot, context.randomBytes(ProofRequest.NONCE_SIZE)));
      send(
          new Call.AskChallenge(slot.provider(), context.identity().account()),
          context.config.timings().callDeadline());
    }
  }

  /// True once the deposits are sent, or nobody is left.
  boolean isClosed() {
    return closed;
  }

  Optional<Instant> wakeAt() {
    return closed ? Optional.empty() : closeAt;
  }

  void challengeAnswered(Call.AskChallenge call, Reply reply) {
    Optional<Part> waiting =
        find(call.peer().account()).filter(part -> part.waiting && part.challenge.isEmpty());
    if (closed || waiting.isEmpty()) {
      return;
    }
    Part part = waiting.get();
    switch (reply) {
      case Reply.Challenged challenged -> {
        part.challenge = Optional.of(challenged.challenge());
        send(
            new Call.AskProof(
                part.slot.provider(),
                context.identity(),
                challenged.challenge(),
                part.nonce,
                vault.terms().policy()),
            context.config.timings().proofDeadline());
      }
      case Reply.Failed failed -> drop(part, failed.setback());
      case Reply.Proved _,
          Reply.Acknowledged _,
          Reply.Released _,
          Reply.NothingHeld _,
          Reply.Claimed _,
          Reply.ClaimLost _,
          Reply.Witnessed _,
          Reply.Retired _,
          Reply.Possessed _,
          Reply.Told _ ->
          throw new InvariantError("a challenge is answered by a challenge");
    }
  }

  void proofAnswered(Call.AskProof call, Reply reply) {
    Optional<Part> waiting =
        find(call.peer().account()).filter(part -> part.waiting && part.nonce.equals(call.nonce()));
    if (closed || waiting.isEmpty()) {
      return;
    }
    Part part = waiting.get();
    switch (reply) {
      case Reply.Proved proved -> proved(part, proved);
      case Reply.Failed failed -> drop(part, failed.setback());
      case Reply.Challenged _,
          Reply.Acknowledged _,
          Reply.Released _,
          Reply.NothingHeld _,
          Reply.Claimed _,
          Reply.ClaimLost _,
          Reply.Witnessed _,
          Reply.Retired _,
          Reply.Possessed _,
          Reply.Told _ ->
          throw new InvariantError("a proof is answered by a proof");
    }
  }

  private void proved(Part part, Reply.Proved proved) {
    List<Bytes> machine = Placement.machine(proved.claims());
    if (machine.stream().anyMatch(taken::contains)) {
      drop(part, Setback.passing(Setback.PROOF_REFUSED, "it runs on a machine already used"));
      return;
    }
    taken.addAll(machine);
    part.waiting = false;
    part.slot.runsOn(machine);
    part.envelopeKey = Optional.of(proved.envelopeKey());
    part.slot.busy(Progress.PROVED);
    if (closeAt.isEmpty()) {
      closeAt = Optional.of(context.now().plus(context.config.timings().gather()));
    }
  }

  private void drop(Part part, Setback why) {
    part.waiting = false;
    part.slot.failed(why, context.now());
  }

  /// Asks for the quote when everybody has answered, or the slow ones had their time.
  void advance() {
    boolean waiting = parts.stream().anyMatch(part -> part.waiting);
    if (closed || (waiting && !context.isDue(closeAt))) {
      return;
    }
    closed = true;
    List<Part> proved = parts.stream().filter(Part::isProved).toList();
    parts.stream()
        .filter(part -> part.waiting)
        .forEach(part -> part.slot.missedRound(context.now()));
    if (!proved.isEmpty()) {
      askQuote(proved);
    }
  }

  private record Prepared(Part part, DepositParcel parcel, Bytes challenge) {
    private Bytes entry() {
      return ReportData.depositEntry(part.slot.provider().account(), challenge, parcel.digest());
    }
  }

  private void askQuote(List<Part> proved) {
    List<Prepared> prepared = proved.stream().map(this::prepare).toList();
    List<Bytes> entries = ReportData.sorted(prepared.stream().map(Prepared::entry).toList());
    Bytes reportData =
        ReportData.deposit(
            context.postureDigest, vault.terms().depositor(), vault.terms().generation(), entries);
    Collateral collateral = context.collateral().orElseThrow();
    quotes.ask(reportData, result -> quoted(result, prepared, entries, collateral));
  }

  private Prepared prepare(Part part) {
    Identity identity = context.identity();
    int index = part.slot.index();
    Deposit deposit =
        new Deposit(vault.terms(), part.slot.provider().account(), identity.instance(), index);
    DepositParcel parcel =
        DepositParcel.sign(context.workshop.crypto(), identity.key(), deposit, vault.share(index));
    return new Prepared(part, parcel, part.challenge.orElseThrow());
  }

  private void quoted(
      Quotes.Result result, List<Prepared> prepared, List<Bytes> entries, Collateral collateral) {
    switch (result) {
      case Quotes.Result.Made made -> {
        for (Prepared one : prepared) {
          Call.Evidence evidence =
              new Call.Evidence(one.challenge(), entries, made.quote(), collateral.digest());
          Call.SendDeposit call =
              new Call.SendDeposit(
                  one.part().slot.provider(),
                  context.identity(),
                  one.part().envelopeKey.orElseThrow(),
                  one.parcel(),
                  evidence);
          one.part().slot.sending(call);
          send(call, context.config.timings().callDeadline());
        }
      }
      case Quotes.Result.Failed failed ->
          prepared.forEach(one -> {
            one.parcel().close();
            one.part().slot.failed(failed.setback(), context.now());
          });
      case Quotes.Result.Judged _ -> throw new InvariantError("a deposit's quote is not judged");
    }
  }

  private Optional<Part> find(AccountId account) {
    return parts.stream()
        .filter(part -> part.slot.provider().account().equals(account))
        .findFirst();
  }

  private void send(Call call, Duration deadline) {
    context.emit(new Effect.Send(call, deadline));
  }
}
