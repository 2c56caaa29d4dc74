package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Roster;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Peer;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.work.StatementShelf;
import dev.holdfast.protocol.MemberRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Keeps the latest release statement in the node's own store, so that after a restart nobody can
/// bring an earlier one: the store cannot go back unnoticed. Tells a few members of it once, who do
/// the same; whoever is missed learns of it with its next challenge.
final class Statements {
  /// So many are told: with each of them telling as many, a fleet of thousands knows in a few
  /// steps.
  private static final int TOLD = 8;

  private final NodeContext context;
  private final Roster roster;
  private final StatementShelf shelf;
  private final Backoff backoff;
  private Optional<Bytes> stored = Optional.empty();
  private Optional<Bytes> writing = Optional.empty();
  private Optional<Instant> nextTry = Optional.empty();

  Statements(NodeContext context, Roster roster) {
    this.context = context;
    this.roster = roster;
    this.shelf = context.workshop.statements();
    this.backoff = context.backoff();
  }

  void storeOpened(Optional<Bytes> statement) {
    stored = statement;
    statement.ifPresent(shelf::offer);
  }

  void advance() {
    Optional<Bytes> latest = shelf.bytes();
    boolean due = nextTry.isEmpty() || context.isDue(nextTry);
    if (context.opened().isPresent()
        && writing.isEmpty()
        && due
        && latest.isPresent()
        && !latest.equals(stored)) {
      writing = latest;
      context.emit(new Effect.WriteStatement(latest.get()));
    }
  }

  void written() {
    stored = writing;
    writing = Optional.empty();
    nextTry = Optional.empty();
    backoff.reset();
    context.report(new Event.StatementKept(shelf.serial()));
    stored.ifPresent(this::tell);
  }

  private void tell(Bytes statement) {
    List<Roster.Member> members = new ArrayList<>(roster.verified());
    Collections.shuffle(members, context.random);
    for (Roster.Member member : members.subList(0, Math.min(TOLD, members.size()))) {
      MemberRecord record = member.record();
      Peer peer = new Peer(record.account(), record.endpoint(), record.labels().name());
      context.emit(
          new Effect.Send(
              new Call.TellStatement(peer, statement), context.config.timings().callDeadline()));
    }
  }

  void notWritten(String detail) {
    writing = Optional.empty();
    nextTry = Optional.of(backoff.next(context.now()));
    context.report(new Event.Failed(Setback.passing(Setback.STORE_FAILED, detail)));
  }

  Optional<Instant> wakeAt() {
    return writing.isEmpty() ? nextTry : Optional.empty();
  }
}
