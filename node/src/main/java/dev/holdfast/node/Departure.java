package dev.holdfast.node;

import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.provider.Journal;
import dev.holdfast.node.provider.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The end of a run that was asked for: users are refused first, then the providers are told what
/// the store holds, then that this run has ended, so that the next need not wait out its lease; and
/// the release log gets what it does not have yet. All of it within a bound, since whoever asked
/// may not wait.
///
/// Spec: docs/spec/lifecycle.md#stopping
final class Departure {
  private static final Duration WITNESS_BOUND = Duration.ofSeconds(1);
  private static final Duration BOUND = Duration.ofSeconds(2);

  private final NodeContext context;
  private final Claiming claiming;
  private final Witnessing witnessing;
  private final Provider provider;
  private final Journal journal;
  private Optional<Instant> begunAt = Optional.empty();
  private boolean resigned;
  private boolean finished;

  Departure(
      NodeContext context,
      Claiming claiming,
      Witnessing witnessing,
      Provider provider,
      Journal journal) {
    this.context = context;
    this.claiming = claiming;
    this.witnessing = witnessing;
    this.provider = provider;
    this.journal = journal;
  }

  boolean isUnderWay() {
    return begunAt.isPresent();
  }

  void begin() {
    if (begunAt.isEmpty()) {
      begunAt = Optional.of(context.now());
      witnessing.hurry();
      journal.flush();
      if (provider.isLeaving()) {
        context.emit(new Effect.WithdrawRecord(context.identity().account()));
      }
    }
  }

  void advance() {
    if (finished) {
      return;
    }
    boolean idle = isIdle();
    if (!idle) {
      witnessing.advance();
      if (!resigned && (!witnessing.isOpen() || isPast(WITNESS_BOUND))) {
        resigned = true;
        claiming.resign();
      }
    }
    boolean told = idle || (resigned && claiming.isResigned());
    if ((told && journal.isIdle()) || isPast(BOUND)) {
      finished = true;
      context.emit(new Effect.Finish());
    }
  }

  /// There is nobody to tell.
  private boolean isIdle() {
    return context.opened().isEmpty() || context.ended().isPresent();
  }

  private boolean isPast(Duration bound) {
    return context.isDue(begunAt.map(begun -> begun.plus(bound)));
  }

  Optional<Instant> wakeAt() {
    if (finished) {
      return Optional.empty();
    }
    boolean last = resigned || isIdle();
    Optional<Instant> next = begunAt.map(begun -> begun.plus(last ? BOUND : WITNESS_BOUND));
    Optional<Instant> witness = last ? Optional.empty() : witnessing.wakeAt();
    return witness.filter(at -> at.isBefore(next.orElse(at))).or(() -> next);
  }
}
