package dev.holdfast.node.backup;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Peer;
import dev.holdfast.node.model.Reply;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.run.Retire;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Has providers forget what the account's present generation has replaced, all of them, and again
/// in every run: who has not said in this run that it did must get no deposit of a later
/// generation, which would take the place of the present one.
///
/// Spec: docs/spec/lifecycle.md#rotation
final class Retiring {
  private final NodeContext context;
  private final RunView run;
  private final long generation;
  private final Map<AccountId, Told> told = new TreeMap<>();

  /// How far one provider is.
  private static final class Told {
    private final Backoff backoff;
    private Optional<Retire.Signed> asking = Optional.empty();
    private boolean done;
    private Instant nextTry;

    private Told(Backoff backoff, Instant now) {
      this.backoff = backoff;
      this.nextTry = now;
    }
  }

  /// Everything below `generation` is to be forgotten.
  Retiring(NodeContext context, RunView run, long generation) {
    this.context = context;
    this.run = run;
    this.generation = generation;
  }

  boolean isDone(AccountId provider) {
    return Optional.ofNullable(told.get(provider)).filter(known -> known.done).isPresent();
  }

  void advance(Collection<Peer> providers) {
    for (Peer peer : providers) {
      Told known =
          told.computeIfAbsent(peer.account(), _ -> new Told(context.backoff(), context.now()));
      boolean due = !known.done && known.asking.isEmpty() && !context.now().isBefore(known.nextTry);
      if (due && run.isTakenBy(peer.account())) {
        ask(peer, known);
      }
    }
  }

  private void ask(Peer peer, Told known) {
    Retire retire =
        new Retire(context.identity().account(), peer.account(), generation, run.ballot());
    Retire.Signed signed = retire.sign(context.workshop.crypto(), context.identity().key());
    known.asking = Optional.of(signed);
    context.emit(
        new Effect.Send(
            new Call.SendRetire(peer, signed), context.config.timings().callDeadline()));
  }

  void answered(Call.SendRetire call, Reply reply) {
    Optional<Told> waiting =
        Optional.ofNullable(told.get(call.peer().account()))
            .filter(known -> known.asking.equals(Optional.of(call.retire())));
    if (waiting.isEmpty()) {
      return;
    }
    Told known = waiting.get();
    known.asking = Optional.empty();
    switch (reply) {
      case Reply.Retired _ -> known.done = true;
      case Reply.Failed failed -> {
        known.nextTry = known.backoff.next(context.now());
        Peer peer = call.peer();
        context.report(new Event.ProviderFailed(peer.account(), peer.name(), failed.setback()));
      }
      case Reply.Challenged _,
          Reply.Proved _,
          Reply.Acknowledged _,
          Reply.Released _,
          Reply.NothingHeld _,
          Reply.Claimed _,
          Reply.ClaimLost _,
          Reply.Witnessed _,
          Reply.Possessed _,
          Reply.Told _ ->
          throw new InvariantError("a retirement is answered by an acknowledgement");
    }
  }

  Optional<Instant> wakeAt() {
    return told.values().stream()
        .filter(known -> !known.done && known.asking.isEmpty())
        .map(known -> known.nextTry)
        .filter(context.now()::isBefore)
        .min(Comparator.naturalOrder());
  }
}
