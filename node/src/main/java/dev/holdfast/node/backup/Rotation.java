package dev.holdfast.node.backup;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.context.NewKey;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.context.Roster;
import dev.holdfast.node.context.Vault;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// One change to a new root key, up to the commit: draws it and has its origin quoted, notes it in
/// the store, places its shares, adds its wrap, has its providers confirm the run and the last
/// acknowledged witness, and only then commits. Until the commit everything rests on the generation
/// before, and a crash or a failure gives the new one up, for good.
///
/// Spec: docs/spec/lifecycle.md#rotation
final class Rotation {
  private static final Duration JOIN_BOUND = Duration.ofSeconds(10);

  private final NodeContext context;
  private final Quotes quotes;
  private final Parts parts;
  private final NewKey key;
  private final Set<AccountId> unfit;
  private Phase phase = Phase.DRAWN;
  private Optional<Vault> vault = Optional.empty();
  private Optional<Depositor> next = Optional.empty();
  private Optional<Instant> joiningUntil = Optional.empty();
  private Optional<Setback> failure = Optional.empty();

  enum Phase {
    DRAWN,
    QUOTING,
    NOTING,
    PLACING,
    WRAPPING,
    JOINING,
    COMMITTING
  }

  /// What it works with.
  ///
  /// - `open`: whom a deposit of a new generation may be sent to.
  /// - `noted`: writes the node's own record with the new shares in it.
  record Parts(
      Roster roster, RunView run, Depositor present, Predicate<AccountId> open, Noted noted) {}

  /// Writes the node's own record.
  interface Noted {
    void write(long drawn, List<Vault> vaults);
  }

  Rotation(NodeContext context, Quotes quotes, Parts parts, long generation, Set<AccountId> unfit) {
    this.context = context;
    this.quotes = quotes;
    this.parts = parts;
    this.unfit = Set.copyOf(unfit);
    Vault present = context.vault().orElseThrow();
    this.key =
        NewKey.draw(context, present.terms().depositor(), present.terms().storeId(), generation);
  }

  long generation() {
    return key.generation();
  }

  /// Why it is to be given up.
  Optional<Setback> failure() {
    return failure;
  }

  Optional<Depositor> depositor() {
    return next;
  }

  /// The new root key with its shares; to be handed over after the commit.
  Vault vault() {
    return vault.orElseThrow();
  }

  /// The new providers, when they are asked like the old ones.
  Optional<ProviderSet> joining() {
    return phase == Phase.JOINING || phase == Phase.COMMITTING
        ? next.map(Depositor::placedSet)
        : Optional.empty();
  }

  boolean isCommitting() {
    return phase == Phase.COMMITTING;
  }

  /// The commit is on the disk.
  boolean isCommitted() {
    return next.filter(Depositor::isCommitted).isPresent();
  }

  Optional<Instant> wakeAt() {
    Optional<Instant> placing = next.flatMap(Depositor::wakeAt);
    return joiningUntil
        .filter(context.now()::isBefore)
        .filter(until -> placing.isEmpty() || until.isBefore(placing.get()))
        .or(() -> placing);
  }

  void advance() {
    switch (phase) {
      case DRAWN -> quote();
      case QUOTING, NOTING, WRAPPING -> {}
      case PLACING -> {
        next.orElseThrow().advance();
        if (next.get().isPlaced()) {
          phase = Phase.WRAPPING;
          context.emit(
              new Effect.SetWraps(
                  parts.present().generation(),
                  Optional.of(new Effect.NextKey(generation(), vault().rootKey()))));
        }
      }
      case JOINING -> join();
      case COMMITTING -> next.orElseThrow().advance();
    }
  }

  private void quote() {
    if (context.collateral().isEmpty()) {
      return;
    }
    phase = Phase.QUOTING;
    Collateral collateral = context.collateral().get();
    quotes.askJudged(key.reportData(context), result -> quoted(result, collateral));
  }

  private void quoted(Quotes.Result result, Collateral collateral) {
    switch (result) {
      case Quotes.Result.Judged judged -> {
        vault = Optional.of(key.shared(context, judged.quote(), collateral));
        phase = Phase.NOTING;
        parts.noted().write(generation(), List.of(context.vault().orElseThrow(), vault()));
      }
      case Quotes.Result.Failed failed -> fail(failed.setback());
      case Quotes.Result.Made _ -> throw new InvariantError("an origin quote is judged");
    }
  }

  /// The generation can never be drawn again, and its shares survive a crash after the commit.
  void noted() {
    InvariantError.check(phase == Phase.NOTING, "a rotation notes its key once");
    phase = Phase.PLACING;
    List<Holder> holders = parts.present().written();
    Manifest.Former former =
        new Manifest.Former(
            parts.present().generation(), holders.stream().map(Holder::bare).toList());
    Aim aim = new Aim(vault(), holders.size(), Optional.of(former), unfit, parts.open());
    next = Optional.of(new Depositor(context, quotes, parts.roster(), aim));
  }

  void wrapped() {
    InvariantError.check(phase == Phase.WRAPPING, "a rotation adds its wrap once");
    phase = Phase.JOINING;
    joiningUntil = Optional.of(context.now().plus(JOIN_BOUND));
  }

  /// Both sets confirm the run, and the new one remembers what was acknowledged to users: from the
  /// commit on a recovery reads the new one alone.
  private void join() {
    ProviderSet joining = next.orElseThrow().placedSet();
    boolean agreed =
        parts.run().isHeldBy(parts.present().committedSet())
            && parts.run().isHeldBy(joining)
            && parts.run().isWitnessedBy(joining);
    if (agreed && parts.present().freeze()) {
      phase = Phase.COMMITTING;
      joiningUntil = Optional.empty();
      next.get().allowCommit();
      next.get().advance();
    } else if (context.isDue(joiningUntil)) {
      fail(
          Setback.passing(
              Setback.NOT_WITNESSED, "the new providers did not confirm this run in time"));
    }
  }

  void fail(Setback why) {
    InvariantError.check(!isCommitting(), "a commit is not taken back");
    failure = Optional.of(why);
  }

  /// Erases the new key; nothing rests on it.
  void abandon() {
    next.ifPresent(Depositor::close);
    vault.ifPresentOrElse(Vault::close, () -> key.rootKey().close());
  }
}
