package dev.holdfast.node;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.backup.ProviderSet;
import dev.holdfast.node.backup.ProviderSets;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Peer;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.posture.Witnessing.Mode;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.run.Witness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Tells the providers what the store holds, so that an older copy of it is recognised: after every
/// write of a user, gathered for an interval or not. What the node holds for others rides along and
/// is told by itself only now and then: its writing comes from others' telling, and must not cause
/// more of it.
///
/// Spec: docs/spec/protocol.md#witnesses
final class Witnessing {
  /// How long changes of the ledger alone may wait.
  static final Duration LEDGER_PERIOD = Duration.ofSeconds(60);

  private final NodeContext context;
  private final ProviderSets sets;
  private final Claiming claiming;
  private final dev.holdfast.protocol.posture.Witnessing terms;
  private final Map<AccountId, Telling> tellings = new TreeMap<>();
  private Optional<Witness.Signed> latest = Optional.empty();

  /// When the oldest write that no quorum has acknowledged was made.
  private Optional<Instant> openSince = Optional.empty();

  private Optional<Instant> readAt = Optional.empty();
  private boolean reading;

  /// A write came while the mark was read: it may not be in it.
  private boolean changed;

  private long witnessed = -1;

  /// How far one provider is.
  private static final class Telling {
    private final Backoff backoff;
    private Optional<Witness.Signed> asking = Optional.empty();
    private Optional<Witness.Signed> held = Optional.empty();
    private Instant nextTry;

    private Telling(Backoff backoff, Instant now) {
      this.backoff = backoff;
      this.nextTry = now;
    }

    private boolean holds(Witness.Signed witness) {
      return held.filter(witness::equals).isPresent();
    }
  }

  Witnessing(NodeContext context, ProviderSets sets, Claiming claiming) {
    this.context = context;
    this.sets = sets;
    this.claiming = claiming;
    this.terms = context.config.posture().safeguards().witnessing();
  }

  /// The version of the store up to which a quorum has acknowledged, -1 for none in this run.
  long witnessed() {
    return witnessed;
  }

  /// For too long no quorum has acknowledged what was written.
  boolean isOverdue() {
    return context.isDue(openSince.map(since -> since.plus(terms.maxUnwitnessed())));
  }

  boolean isOpen() {
    return openSince.isPresent();
  }

  /// Since when something that was written waits for a quorum.
  Optional<Instant> openSince() {
    return openSince;
  }

  /// The node's own run has begun, or users have written.
  void storeChanged() {
    if (openSince.isEmpty()) {
      openSince = Optional.of(context.now());
    }
    changed = true;
    Duration wait = terms.mode() == Mode.EVERY_COMMIT ? Duration.ZERO : terms.interval();
    readNoLaterThan(context.now().plus(wait));
  }

  void ledgerChanged() {
    readNoLaterThan(context.now().plus(LEDGER_PERIOD));
  }

  /// The node stops: what was written is told at once.
  void hurry() {
    if (readAt.isPresent() || openSince.isPresent()) {
      readAt = Optional.of(context.now());
    }
  }

  private void readNoLaterThan(Instant at) {
    if (readAt.isEmpty() || at.isBefore(readAt.get())) {
      readAt = Optional.of(at);
    }
  }

  void advance() {
    if (context.opened().isEmpty()) {
      return;
    }
    if (!reading && context.isDue(readAt)) {
      reading = true;
      changed = false;
      readAt = Optional.empty();
      context.emit(new Effect.ReadMark());
    }
    latest.ifPresent(this::tell);
  }

  void markRead(StoreMark mark) {
    reading = false;
    Witness witness = new Witness(context.identity().account(), claiming.ballot(), mark);
    if (latest.filter(known -> known.witness().equals(witness)).isEmpty()) {
      latest = Optional.of(witness.sign(context.workshop.crypto(), context.identity().key()));
    }
    settle();
  }

  void markNotRead(String detail) {
    reading = false;
    readNoLaterThan(context.now().plus(terms.interval()));
    context.report(new Event.Failed(Setback.passing(Setback.STORE_FAILED, detail)));
  }

  private void tell(Witness.Signed witness) {
    for (Peer peer : sets.peers()) {
      Telling telling =
          tellings.computeIfAbsent(
              peer.account(), _ -> new Telling(context.backoff(), context.now()));
      boolean ready = telling.asking.isEmpty() && !context.now().isBefore(telling.nextTry);
      if (ready && !telling.holds(witness) && claiming.isTakenBy(peer.account())) {
        telling.asking = Optional.of(witness);
        context.emit(
            new Effect.Send(
                new Call.SendWitness(peer, witness), context.config.timings().callDeadline()));
      }
    }
  }

  /// Takes the answer to a witness of this run.
  void answered(Call.SendWitness call, Reply reply) {
    Optional<Telling> known =
        Optional.ofNullable(tellings.get(call.peer().account()))
            .filter(telling -> telling.asking.equals(Optional.of(call.witness())));
    if (known.isEmpty()) {
      return;
    }
    Telling telling = known.get();
    telling.asking = Optional.empty();
    switch (reply) {
      case Reply.Witnessed _ -> {
        telling.held = Optional.of(call.witness());
        telling.backoff.reset();
        settle();
      }
      case Reply.Failed failed -> {
        telling.nextTry = telling.backoff.next(context.now());
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
          Reply.Retired _,
          Reply.Possessed _,
          Reply.Told _ ->
          throw new InvariantError("a witness is answered by an acknowledgement");
    }
  }

  /// What a quorum holds now; nothing is open any more when that is everything.
  private void settle() {
    if (sets.deciding().isEmpty() || latest.isEmpty()) {
      return;
    }
    long everywhere = sets.all().stream().mapToLong(this::witnessedBy).min().orElse(-1);
    witnessed = Math.max(witnessed, everywhere);
    if (!changed && !reading && witnessed >= latest.get().witness().mark().storeVersion()) {
      openSince = Optional.empty();
    }
  }

  /// A quorum of `set` holds a witness of this run, and none later was acknowledged to users.
  boolean isWitnessedBy(ProviderSet set) {
    long held = witnessedBy(set);
    return held >= 0 && held >= witnessed;
  }

  /// The version of the store up to which a quorum of `set` holds it, -1 for none in this run.
  private long witnessedBy(ProviderSet set) {
    List<Long> versions =
        set.peers().stream()
            .map(peer -> Optional.ofNullable(tellings.get(peer.account())))
            .flatMap(Optional::stream)
            .flatMap(telling -> telling.held.stream())
            .map(held -> held.witness().mark().storeVersion())
            .sorted(Comparator.reverseOrder())
            .toList();
    int quorum = set.witnessQuorum(terms.faults());
    return versions.size() >= quorum ? versions.get(quorum - 1) : -1;
  }

  /// What keeps providers from acknowledging, when something is open.
  Optional<Setback> setback() {
    return isOverdue()
        ? Optional.of(
            Setback.passing(
                Setback.NOT_WITNESSED,
                "no quorum of its providers has acknowledged what was written"))
        : Optional.empty();
  }

  Optional<Instant> wakeAt() {
    if (context.opened().isEmpty()) {
      return Optional.empty();
    }
    List<Instant> times = new ArrayList<>();
    if (!reading) {
      readAt.ifPresent(times::add);
    }
    openSince
        .map(since -> since.plus(terms.maxUnwitnessed()))
        .filter(context.now()::isBefore)
        .ifPresent(times::add);
    latest.ifPresent(witness -> {
      for (Telling telling : tellings.values()) {
        if (telling.asking.isEmpty() && !telling.holds(witness)) {
          Optional.of(telling.nextTry).filter(context.now()::isBefore).ifPresent(times::add);
        }
      }
    });
    return times.stream().min(Comparator.naturalOrder());
  }
}
