package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.work.StatementShelf;
import java.time.Instant;
import java.util.Optional;

/// Keeps the latest release statement in the node's own store, so that after a restart nobody can
/// bring an earlier one: the store cannot go back unnoticed.
final class Statements {
  private final NodeContext context;
  private final StatementShelf shelf;
  private final Backoff backoff;
  private Optional<Bytes> stored = Optional.empty();
  private Optional<Bytes> writing = Optional.empty();
  private Optional<Instant> nextTry = Optional.empty();

  Statements(NodeContext context) {
    this.context = context;
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
