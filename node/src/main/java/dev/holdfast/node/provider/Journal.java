package dev.holdfast.node.provider;

import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.ProblemCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes the release log: one batch at a time, and whoever waits for an entry goes on when it is
/// durable. Refusals are gathered for a minute, by account and code: nobody who is refused fills
/// the disk.
///
/// Spec: docs/spec/log.md
public final class Journal implements AutoCloseable {
  /// So many accounts and codes are told apart in a minute; further refusals only count.
  static final int REFUSALS_TOLD_APART = 1024;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final NodeContext context;
  private final Map<Refusal, Long> refusals = new LinkedHashMap<>();
  private List<Waiting> waiting = new ArrayList<>();
  private List<Waiting> writing = List.of();
  private Optional<Instant> refusalsDue = Optional.empty();

  private record Waiting(LogFact fact, Consumer<Boolean> then) {}

  private record Refusal(AccountId account, ProblemCode code) {}

  public Journal(NodeContext context) {
    this.context = context;
  }

  /// Writes an entry; `then` gets true once it is durable, false when it could not be written.
  void write(LogFact.Kind kind, AccountId account, String detail, Consumer<Boolean> then) {
    waiting.add(new Waiting(LogFact.of(context.now(), kind, account, detail), then));
    start();
  }

  /// One more refusal of what had a valid challenge.
  void refused(AccountId account, ProblemCode code) {
    gather(new Refusal(account, code), 1);
  }

  private void gather(Refusal refusal, long count) {
    if (refusals.containsKey(refusal) || refusals.size() < REFUSALS_TOLD_APART) {
      refusals.merge(refusal, count, Long::sum);
    }
    if (refusalsDue.isEmpty()) {
      refusalsDue = Optional.of(context.now().plus(MINUTE));
    }
  }

  public Optional<Instant> wakeAt() {
    return context.opened().flatMap(_ -> refusalsDue);
  }

  public void advance() {
    if (context.isDue(refusalsDue)) {
      flush();
    }
  }

  /// Writes what was gathered, without waiting for its minute to be over.
  public void flush() {
    if (context.opened().isEmpty()) {
      return;
    }
    refusalsDue = Optional.empty();
    refusals.forEach((refusal, count) -> {
      String code = refusal.code().code();
      LogFact fact =
          new LogFact(context.now(), LogFact.Kind.REFUSAL, refusal.account(), count, code);
      waiting.add(new Waiting(fact, written -> keep(refusal, count, written)));
    });
    refusals.clear();
    start();
  }

  /// What could not be written is gathered again, and tried in a minute.
  private void keep(Refusal refusal, long count, boolean written) {
    if (!written) {
      gather(refusal, count);
    }
  }

  /// Nothing waits to be written, and nothing is being written.
  public boolean isIdle() {
    return writing.isEmpty() && waiting.isEmpty();
  }

  private void start() {
    if (writing.isEmpty() && !waiting.isEmpty()) {
      writing = waiting;
      waiting = new ArrayList<>();
      List<LogFact> facts = writing.stream().map(Waiting::fact).toList();
      context.emit(new Effect.AppendLog(context.identity(), facts));
    }
  }

  public void appended() {
    ended(true);
  }

  public void notAppended(String detail) {
    context.report(new Event.Failed(Setback.passing(Setback.FILE_FAILED, detail)));
    ended(false);
  }

  private void ended(boolean written) {
    List<Waiting> done = writing;
    writing = List.of();
    done.forEach(one -> one.then().accept(written));
    start();
  }

  /// Nobody waits any more; what they hold is erased.
  @Override
  public void close() {
    List<Waiting> left = new ArrayList<>(writing);
    left.addAll(waiting);
    writing = List.of();
    waiting = new ArrayList<>();
    left.forEach(one -> one.then().accept(false));
  }
}
