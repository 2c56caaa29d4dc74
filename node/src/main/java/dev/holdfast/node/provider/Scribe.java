package dev.holdfast.node.provider;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.LedgerEntry;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.ProblemCode;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Writes the ledger: one write at a time for each entry of an account, and nothing is said before
/// it is durable. What the release log is to have stands there before.
public final class Scribe {
  private final NodeContext context;
  private final Journal journal;
  private final Map<Long, Writing> writing = new TreeMap<>();

  private record Writing(AccountId account, Set<LedgerEntry> entries, Consumer<Result> then) {}

  /// What came of a write.
  public enum Result {
    WRITTEN,
    /// The entry was no longer the expected one; nothing was written.
    CONFLICT,
    FAILED;

    /// What a peer is told when it was not written.
    ProblemCode problem() {
      return this == CONFLICT ? ProblemCode.DEPOSIT_CONFLICT : ProblemCode.LEDGER_FAILED;
    }
  }

  public Scribe(NodeContext context, Journal journal) {
    this.context = context;
    this.journal = journal;
  }

  public boolean isBusy(AccountId account, LedgerEntry entry) {
    return writing.values().stream()
        .anyMatch(other -> other.account().equals(account) && other.entries().contains(entry));
  }

  /// As the other, with an entry of the release log before it: a ledger that changed without one
  /// would be a deposit or a retirement that nobody can account for.
  void writeLogged(Write write, LogFact.Kind kind, String detail, Consumer<Result> then) {
    begin(write, then);
    journal.write(
        kind,
        write.account(),
        detail,
        logged -> {
          if (logged) {
            context.emit(
                new Effect.WriteLedger(write.exchange(), write.account(), write.changes()));
          } else {
            write.changes().forEach(Effect.Change::close);
            finished(write.exchange()).accept(Result.FAILED);
          }
        });
  }

  /// What is to be written for whom; owns the secrets of `changes`.
  record Write(ExchangeId exchange, AccountId account, List<Effect.Change> changes) {
    Write {
      changes = List.copyOf(changes);
    }
  }

  /// Takes the secrets of the changes over.
  void write(Write write, Consumer<Result> then) {
    begin(write, then);
    context.emit(new Effect.WriteLedger(write.exchange(), write.account(), write.changes()));
  }

  private void begin(Write write, Consumer<Result> then) {
    Set<LedgerEntry> entries = EnumSet.noneOf(LedgerEntry.class);
    write.changes().stream()
        .filter(change -> !(change instanceof Effect.Change.Keep))
        .forEach(change -> entries.add(change.entry()));
    writing.put(write.exchange().value(), new Writing(write.account(), entries, then));
  }

  public void written(ExchangeId exchange) {
    finished(exchange).accept(Result.WRITTEN);
  }

  public void conflict(ExchangeId exchange) {
    finished(exchange).accept(Result.CONFLICT);
  }

  public void failed(ExchangeId exchange, String detail) {
    context.report(new Event.Failed(Setback.passing(Setback.STORE_FAILED, detail)));
    finished(exchange).accept(Result.FAILED);
  }

  private Consumer<Result> finished(ExchangeId exchange) {
    Writing done = writing.remove(exchange.value());
    if (done == null) {
      throw new InvariantError("a write that ends was begun");
    }
    return done.then();
  }
}
