package dev.holdfast.node.backup;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.NodeRecord;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.context.Roster;
import dev.holdfast.node.context.Vault;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.Peer;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.manifest.Manifest;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The node's own shares at others, over all generations: places them, keeps them, and changes to a
/// new root key when [Upkeep] says so.
///
/// Spec: docs/spec/lifecycle.md#rotation
public final class Backup {
  private final NodeContext context;
  private final Quotes quotes;
  private final Roster roster;
  private final ProviderSets sets;
  private final RunView run;
  private final Upkeep upkeep;
  private final Backoff backoff;
  private long drawn = 1;
  private boolean commanded;
  private Optional<Depositor> present = Optional.empty();
  private Optional<Rotation> rotation = Optional.empty();
  private Optional<Retiring> retiring = Optional.empty();
  private Optional<Setback> setback = Optional.empty();
  private Optional<Instant> nextRotation = Optional.empty();
  private Finishing finishing = Finishing.IDLE;

  /// What is left to do of the generation before once its providers have retired.
  private enum Finishing {
    IDLE,
    DROPPING_WRAP,
    FORGETTING_SHARES
  }

  public Backup(NodeContext context, Quotes quotes, Roster roster, ProviderSets sets, RunView run) {
    this.context = context;
    this.quotes = quotes;
    this.roster = roster;
    this.sets = sets;
    this.run = run;
    this.backoff = context.backoff();
    this.upkeep = new Upkeep(context.config.upkeep(), context.random.nextDouble());
  }

  /// The vault of a new account is there; nothing is placed.
  public void begin() {
    Aim aim = Aim.of(vault(), Optional.empty());
    present = Optional.of(new Depositor(context, quotes, roster, aim));
  }

  /// Goes on where `manifest` stands; `released` have just shown that they hold their share, and
  /// `lastDrawn` is the highest generation for which a key was drawn.
  public void resume(Manifest manifest, List<AccountId> released, long lastDrawn) {
    Depositor depositor =
        new Depositor(context, quotes, roster, Aim.of(vault(), manifest.former()));
    depositor.resume(manifest, released);
    present = Optional.of(depositor);
    drawn = Math.max(lastDrawn, depositor.generation());
    refreshSets();
  }

  private Vault vault() {
    return context.vault().orElseThrow();
  }

  /// The owner wants a new root key: it is tried until there is one.
  public void rotate() {
    commanded = true;
    nextRotation = Optional.empty();
  }

  public boolean isCommitted() {
    return present.filter(Depositor::isCommitted).isPresent();
  }

  /// The manifest as it is on the disk, once it is committed.
  public Optional<Bytes> committedManifest() {
    return present
        .filter(Depositor::isCommitted)
        .map(depositor -> vault().manifest(depositor.written(), depositor.former(), true));
  }

  public int placed() {
    return present.map(Depositor::placed).orElse(0);
  }

  public int firm() {
    return present.map(Depositor::firm).orElse(0);
  }

  /// What a user writes now can be had back, whatever happens next.
  public boolean isSafe() {
    return present.filter(Depositor::isSafe).isPresent();
  }

  /// All n shares firm with providers that answer, and one more than needed.
  public boolean isWhole() {
    return present.filter(Depositor::isWhole).isPresent();
  }

  public Optional<Setback> setback() {
    return present.flatMap(Depositor::setback).or(() -> setback);
  }

  public List<ProviderStatus> statuses() {
    return present.map(Depositor::statuses).orElse(List.of());
  }

  public void advance() {
    if (present.isEmpty()) {
      return;
    }
    present.get().advance();
    advanceRotation();
    advanceRetirement();
    refreshSets();
    beginIfNeeded();
  }

  private void advanceRotation() {
    rotation.ifPresent(Rotation::advance);
    rotation.flatMap(Rotation::failure).ifPresent(this::abandon);
  }

  private void abandon(Setback why) {
    Rotation failed = rotation.orElseThrow();
    failed.abandon();
    rotation = Optional.empty();
    setback = Optional.of(why);
    nextRotation = Optional.of(backoff.next(context.now()));
    context.report(new Event.RotationAbandoned(failed.generation(), why));
  }

  private void advanceRetirement() {
    Depositor depositor = present.orElseThrow();
    if (!depositor.isCommitted() || depositor.generation() == 1 || !isHeld()) {
      return;
    }
    Retiring known = retiring.orElseGet(() -> new Retiring(context, run, depositor.generation()));
    retiring = Optional.of(known);
    known.advance(sets.peers());
    boolean idle = finishing == Finishing.IDLE && rotation.isEmpty();
    if (idle && former().filter(this::isRetired).isPresent()) {
      finishing = Finishing.DROPPING_WRAP;
      context.emit(new Effect.SetWraps(depositor.generation(), Optional.empty()));
    }
  }

  private boolean isRetired(ProviderSet former) {
    int faults = context.config.posture().safeguards().witnessing().faults();
    return acknowledged(former) >= former.retireQuorum(faults);
  }

  private int acknowledged(ProviderSet set) {
    Retiring known = retiring.orElseThrow();
    return set.count(peer -> known.isDone(peer.account()));
  }

  private boolean isHeld() {
    return !sets.deciding().isEmpty() && sets.deciding().stream().allMatch(run::isHeldBy);
  }

  /// Who holds the generation before, as long as the manifest names them.
  private Optional<ProviderSet> former() {
    return present.flatMap(Depositor::former).map(this::formerSet);
  }

  private ProviderSet formerSet(Manifest.Former former) {
    Threshold threshold = vault().terms().threshold();
    return new ProviderSet(
        former.generation(), threshold, former.holders().stream().map(this::locate).toList());
  }

  private Peer locate(Holder holder) {
    return roster
        .find(holder.account())
        .map(record -> new Peer(record.account(), record.endpoint(), record.labels().name()))
        .orElse(new Peer(holder.account(), holder.endpoint(), holder.name()));
  }

  private void refreshSets() {
    sets.set(
        present.filter(Depositor::isCommitted).map(Depositor::committedSet),
        former(),
        rotation.flatMap(Rotation::joining));
  }

  private boolean mayBegin() {
    return rotation.isEmpty()
        && finishing == Finishing.IDLE
        && present.filter(Depositor::isSafe).isPresent()
        && present.flatMap(Depositor::former).isEmpty()
        && (nextRotation.isEmpty() || context.isDue(nextRotation))
        && isHeld();
  }

  private void beginIfNeeded() {
    if (mayBegin()) {
      setback = Optional.empty();
      upkeep.decide(view()).ifPresent(this::begin);
    }
  }

  /// Nothing is drawn before there is somebody to take every share: a failure must not make things
  /// worse than they are.
  private void begin(Upkeep.Cause cause) {
    int wanted = present.orElseThrow().written().size();
    if (targets(cause) < wanted) {
      setback =
          Optional.of(
              Setback.passing(
                  Setback.NOBODY_TO_TAKE,
                  "%s: a new generation needs %d members that can take a share, %d are there"
                      .formatted(cause.words(), wanted, targets(cause))));
      return;
    }
    drawn++;
    context.report(new Event.RotationBegun(drawn, cause.words()));
    Rotation.Parts parts =
        new Rotation.Parts(roster, run, present.orElseThrow(), this::isOpen, this::note);
    rotation = Optional.of(new Rotation(context, quotes, parts, drawn, cause.unfit()));
    rotation.get().advance();
  }

  private int targets(Upkeep.Cause cause) {
    AccountId self = context.identity().account();
    return (int)
        roster.verified().stream()
            .map(Roster.Member::account)
            .filter(account -> !account.equals(self) && !cause.unfit().contains(account))
            .count();
  }

  private Upkeep.View view() {
    Depositor depositor = present.orElseThrow();
    List<Upkeep.Health> health =
        depositor.slots().stream()
            .map(slot ->
                new Upkeep.Health(
                    slot.provider().account(),
                    slot.provider().name(),
                    slot.failingSince(),
                    slot.leavingSince()))
            .toList();
    SharingTerms terms = vault().terms();
    int mayFail = terms.threshold().n() - terms.threshold().k();
    return new Upkeep.View(
        context.now(),
        terms.origin().birth().at(),
        terms.generation() == 1,
        health,
        mayFail,
        commanded);
  }

  /// A pending deposit of the present generation may be all that a provider has of it: a later one
  /// must not take its place before the provider knows that the present one is committed.
  private boolean isOpen(AccountId provider) {
    boolean holds =
        sets.present().stream()
            .flatMap(set -> set.peers().stream())
            .anyMatch(peer -> peer.account().equals(provider));
    return !holds
        || present.orElseThrow().generation() == 1
        || retiring.filter(known -> known.isDone(provider)).isPresent();
  }

  private void note(long highest, List<Vault> vaults) {
    Identity identity = context.identity();
    SharingTerms terms = vault().terms();
    NodeRecord.Facts facts =
        new NodeRecord.Facts(identity.instance(), highest, terms.storeId(), terms.posture());
    List<NodeRecord.Shared> shared =
        vaults.stream()
            .map(held -> new NodeRecord.Shared(held.terms().generation(), held.shares()))
            .toList();
    try (SecretBytes seed = identity.key().seed()) {
      context.emit(new Effect.WriteNodeRecord(new NodeRecord(facts, seed, shared).toSecret()));
    }
  }

  public void recordWritten() {
    if (finishing == Finishing.FORGETTING_SHARES) {
      finishing = Finishing.IDLE;
    } else {
      rotation.ifPresent(Rotation::noted);
    }
  }

  public void recordNotWritten(String detail) {
    Setback why = Setback.passing(Setback.STORE_FAILED, detail);
    if (finishing == Finishing.FORGETTING_SHARES) {
      finishing = Finishing.IDLE;
      context.report(new Event.Failed(why));
    } else {
      rotation.ifPresent(running -> running.fail(why));
    }
  }

  public void wrapsSet() {
    if (finishing != Finishing.DROPPING_WRAP) {
      rotation.ifPresent(Rotation::wrapped);
      return;
    }
    ProviderSet former = former().orElseThrow();
    context.report(new Event.GenerationRetired(former.generation(), acknowledged(former)));
    present.orElseThrow().forgetFormer();
    finishing = Finishing.FORGETTING_SHARES;
    note(drawn, List.of(vault()));
  }

  public void wrapsNotSet(String detail) {
    Setback why = Setback.passing(Setback.STORE_FAILED, detail);
    if (finishing == Finishing.DROPPING_WRAP) {
      finishing = Finishing.IDLE;
      context.report(new Event.Failed(why));
    } else {
      rotation.ifPresent(running -> running.fail(why));
    }
  }

  /// One manifest is written at a time: before a commit the present depositor is frozen.
  private Depositor writer() {
    return rotation
        .filter(Rotation::isCommitting)
        .flatMap(Rotation::depositor)
        .or(() -> present)
        .orElseThrow(() -> new InvariantError("somebody wrote the manifest"));
  }

  public void manifestWritten(boolean commit) {
    writer().manifestWritten(commit);
    if (rotation.filter(Rotation::isCommitted).isPresent()) {
      changeOver();
    }
    refreshSets();
  }

  public void manifestNotWritten(String detail) {
    writer().manifestNotWritten(detail);
  }

  /// The new generation is committed: from now on it is the one.
  private void changeOver() {
    Rotation done = rotation.orElseThrow();
    Vault before = vault();
    present.orElseThrow().close();
    context.setVault(done.vault());
    before.close();
    present = done.depositor();
    rotation = Optional.empty();
    retiring = Optional.empty();
    commanded = false;
    nextRotation = Optional.empty();
    setback = Optional.empty();
    backoff.reset();
    context.report(new Event.Rotated(done.generation()));
  }

  /// A challenge or proof may be awaited by both generations' rounds: each takes what is its own.
  public void answered(Call call, Reply reply) {
    present.ifPresent(depositor -> depositor.answered(call, reply));
    rotation.flatMap(Rotation::depositor).ifPresent(next -> next.answered(call, reply));
  }

  public void retireAnswered(Call.SendRetire call, Reply reply) {
    retiring.ifPresent(known -> known.answered(call, reply));
  }

  public Optional<Instant> wakeAt() {
    if (present.isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> planned = mayBegin() ? upkeep.wakeAt(view()) : Optional.empty();
    return Stream.of(
            present.get().wakeAt(),
            rotation.flatMap(Rotation::wakeAt),
            retiring.flatMap(Retiring::wakeAt),
            nextRotation.filter(context.now()::isBefore),
            planned)
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  public void close() {
    present.ifPresent(Depositor::close);
    rotation.ifPresent(Rotation::abandon);
  }
}
