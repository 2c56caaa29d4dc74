package dev.holdfast.node.provider;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.context.NodeContext;
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
/// it is durable.
public final class Scribe {
  private final NodeContext context;
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

  public Scribe(NodeContext context) {
    this.context = context;
  }

  public boolean isBusy(AccountId account, LedgerEntry entry) {
    return writing.values().stream()
        .anyMatch(other -> other.account().equals(account) && other.entries().contains(entry));
  }

  /// Takes the secrets of `changes` over.
  public void write(
      ExchangeId exchange, AccountId account, List<Effect.Change> changes, Consumer<Result> then) {
    Set<LedgerEntry> entries = EnumSet.noneOf(LedgerEntry.class);
    changes.stream()
        .filter(change -> !(change instanceof Effect.Change.Keep))
        .forEach(change -> entries.add(change.entry()));
    writing.put(exchange.value(), new Writing(account, entries, then));
    context.emit(new Effect.WriteLedger(exchange, account, changes));
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
