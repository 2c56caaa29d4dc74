package dev.holdfast.node;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.backup.Backup;
import dev.holdfast.node.backup.ProviderSets;
import dev.holdfast.node.context.NodeConfig;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.context.Roster;
import dev.holdfast.node.context.Vault;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.provider.Journal;
import dev.holdfast.node.provider.Provider;
import dev.holdfast.node.provider.RunKeeper;
import dev.holdfast.node.provider.Scribe;
import dev.holdfast.node.work.Gate;
import dev.holdfast.node.work.Workshop;
import dev.holdfast.protocol.AccountId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A node as a state machine: [#step] takes one fact and gives commands. It has no threads, no
/// clock, no files and no network, and decides the same for the same inputs and random source.
///
/// **The runner.** One thread owns the node; it takes inputs from a bounded queue, waiting at most
/// until [#wakeAt] (then the input is [Input.Tick]), calls [#step], and starts each effect, in the
/// order given, on a thread of its own (writes of one kind must not overtake each other: they are
/// asked for one at a time). `now` is the process's monotonic clock laid over the wall clock at
/// start: it never goes back.
///
/// - [Effect.Perform]: `follow(workshop.perform(task, now))`.
/// - [Effect.Send]: `ask = workshop.prepare(call)`, the HTTP request under the effect's deadline,
///   then `follow(workshop.judge(call, reply, now))`.
/// - `follow(outcome)`: `Settled` is posted as an input; for `Follow` do as for `Send` with its
///   call.
/// - [Effect.Respond]: wake the exchange, which writes `workshop.render(answer)` on its own thread;
///   when the exchange is gone, render the answer anyway or close its share.
/// - the others as [Effect] says, each answered with one input, always, also when it fails.
///
/// **Requests of peers**, on their own threads: read at most `route.maxBodyBytes() + 1` bytes, then
/// `gate().admit(…)`. `Answered` is written at once; for `Refused` the input is posted too (it may
/// be dropped when the queue is full); for `Admitted` register the exchange, post the input, and
/// wait for `Respond` under a deadline; when the queue is full, or the deadline passes, answer
/// [dev.holdfast.protocol.ProblemCode#BUSY].
///
/// **Start**: collateral of this platform ([Input.CollateralObtained], may come later and again),
/// the registry's view ([Input.MembersSeen], at start and at every change), [Input.Started].
/// [Input.StoreChanged] whenever users have written since the last [Input.MarkRead]. **Stop**:
/// [Input.StopRequested]; the last effect is [Effect.Finish], at most two seconds later.
///
/// Only the owner calls [#step], [#wakeAt] and [#close]; [#snapshot] and [#gate] may be read by any
/// thread after each step.
///
/// Spec: docs/spec/lifecycle.md
public final class Node implements AutoCloseable {
  private final NodeContext context;
  private final Quotes quotes;
  private final Roster roster;
  private final Birth birth;
  private final Presence presence;
  private final Backup backup;
  private final Claiming claiming;
  private final Witnessing witnessing;
  private final RollbackCheck rollback;
  private final Statements statements;
  private final Journal journal;
  private final Scribe scribe;
  private final Provider provider;
  private final RunKeeper runKeeper;
  private final Departure departure;
  private final Drill drill;
  private final Standing standing;
  private Optional<Recovery> recovery = Optional.empty();
  private Optional<Reopening> reopening = Optional.empty();
  private Optional<Setback> stuck = Optional.empty();
  private boolean started;

  public Node(NodeConfig config, Workshop workshop, SecureRandom random) {
    this.context = new NodeContext(config, workshop, random);
    this.quotes = new Quotes(context);
    this.roster = new Roster(context);
    this.rollback = new RollbackCheck(context);
    this.birth = new Birth(context, quotes, rollback);
    this.presence = new Presence(context, quotes);
    ProviderSets sets = new ProviderSets();
    this.claiming = new Claiming(context, sets);
    this.witnessing = new Witnessing(context, sets, claiming);
    this.backup = new Backup(context, quotes, roster, sets, new OwnRun(claiming, witnessing));
    this.statements = new Statements(context, roster);
    this.journal = new Journal(context);
    this.scribe = new Scribe(context, journal);
    this.provider = new Provider(context, quotes, journal, scribe, witnessing::ledgerChanged);
    this.runKeeper = new RunKeeper(context, scribe, witnessing::ledgerChanged);
    this.departure = new Departure(context, claiming, witnessing, provider, journal);
    this.drill = new Drill(context, quotes, roster);
    this.standing =
        new Standing(
            context,
            new Standing.Parts(
                roster, birth, presence, backup, claiming, witnessing, rollback, provider, drill));
  }

  /// Takes one fact; gives what is to be done, in order.
  public List<Effect> step(Input input, Instant now) {
    context.begin(now);
    take(input);
    if (departure.isUnderWay()) {
      departure.advance();
    } else if (context.ended().isEmpty()) {
      advance();
    }
    Optional<Recovery> present = recovery.filter(running -> !running.isAbandoned());
    standing.update(new Standing.Phase(present, reopening, stuck, departure.isUnderWay()));
    return context.takeEffects();
  }

  /// When the node wants an [Input.Tick] if nothing else comes before.
  public Optional<Instant> wakeAt() {
    if (departure.isUnderWay()) {
      return departure.wakeAt();
    }
    if (context.ended().isPresent()) {
      return Optional.empty();
    }
    return Stream.of(
            birth.wakeAt(),
            recovery.flatMap(Recovery::wakeAt),
            reopening.flatMap(Reopening::wakeAt),
            roster.wakeAt(),
            presence.wakeAt(),
            backup.wakeAt(),
            claiming.wakeAt(),
            witnessing.wakeAt(),
            statements.wakeAt(),
            journal.wakeAt(),
            provider.wakeAt(),
            drill.wakeAt())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  /// What others may see, as of the last step.
  public NodeSnapshot snapshot() {
    return standing.snapshot();
  }

  /// What judges the requests of peers, as of the last step.
  public Gate gate() {
    return standing.gate();
  }

  /// Erases all secrets; after [Effect.Finish].
  @Override
  public void close() {
    birth.close();
    recovery.ifPresent(Recovery::close);
    backup.close();
    drill.close();
    journal.close();
    context.vault().ifPresent(Vault::close);
    context.opened().ifPresent(opened -> opened.identity().key().close());
    context.workshop.close();
  }

  private void advance() {
    birth.advance();
    setAsideIfHopeless();
    recovery.ifPresent(Recovery::advance);
    reopening.ifPresent(Reopening::advance);
    roster.advance();
    presence.advance();
    backup.advance();
    claiming.advance();
    witnessing.advance();
    claiming
        .newestWitness()
        .ifPresent(witness -> rollback.see(witness, Optional.of(claiming.ballot())));
    provider.advance();
    journal.advance();
    statements.advance();
    drill.advance();
  }

  private void take(Input input) {
    switch (input) {
      case Input.Started now -> start(now);
      case Input.Tick _ -> {}
      case Input.CollateralObtained obtained -> context.setCollateral(obtained.collateral());
      case Input.QuoteMade made -> quotes.made(made);
      case Input.QuoteFailed failed -> quotes.failed(failed);
      case Input.OwnQuoteJudged judged -> quotes.judged(judged);
      case Input.OwnQuoteRefused refused -> quotes.refused(refused);
      case Input.MembersSeen view -> roster.seen(view);
      case Input.MembersUnavailable none -> roster.unavailable(none.detail());
      case Input.MemberJudged judged -> roster.judged(judged);
      case Input.RecordPublished _ -> presence.wasPublished();
      case Input.RecordNotPublished failed -> presence.wasNotPublished(failed.detail());
      case Input.StoreOpened opened -> storeOpened(opened);
      case Input.StoreNotOpened failed -> storeNotOpened(failed);
      case Input.StorePeeked peeked -> recovery().storePeeked(peeked.mark());
      case Input.StoreNotPeeked failed -> recovery().storeNotPeeked(failed.detail());
      case Input.NodeRecordWritten _ -> recordWritten();
      case Input.NodeRecordNotWritten failed -> recordNotWritten(failed.detail());
      case Input.WrapsSet _ -> backup.wrapsSet();
      case Input.WrapsNotSet failed -> backup.wrapsNotSet(failed.detail());
      case Input.RotationRequested _ -> backup.rotate();
      case Input.DrillRequested _ -> backup.committedManifest().ifPresent(drill::begin);
      case Input.LeaveRequested _ -> provider.leave();
      case Input.ManifestWritten written -> manifestWritten(written.committed());
      case Input.ManifestNotWritten failed -> manifestNotWritten(failed.detail());
      case Input.SetAside _ -> birth.start();
      case Input.NotSetAside failed -> cannotSetAside(failed.detail());
      case Input.StoreChanged _ -> witnessing.storeChanged();
      case Input.MarkRead read -> witnessing.markRead(read.mark());
      case Input.MarkNotRead failed -> witnessing.markNotRead(failed.detail());
      case Input.StatementWritten _ -> statements.written();
      case Input.StatementNotWritten failed -> statements.notWritten(failed.detail());
      case Input.LedgerWritten written -> scribe.written(written.exchange());
      case Input.LedgerConflict conflict -> scribe.conflict(conflict.exchange());
      case Input.LedgerFailed failed -> scribe.failed(failed.exchange(), failed.detail());
      case Input.LogAppended _ -> journal.appended();
      case Input.LogNotAppended failed -> journal.notAppended(failed.detail());
      case Input.ProofAsked asked -> provider.proofAsked(asked);
      case Input.DepositOffered offered -> provider.depositOffered(offered);
      case Input.DepositRepeated repeated -> provider.depositRepeated(repeated);
      case Input.RetireAsked asked -> provider.retireAsked(asked);
      case Input.ReleaseAsked asked -> provider.releaseAsked(asked);
      case Input.ClaimAsked asked -> runKeeper.claimAsked(asked);
      case Input.WitnessOffered offered -> runKeeper.witnessOffered(offered);
      case Input.GateRefused refused -> provider.gateRefused(refused);
      case Input.PeerAnswered answered -> peerAnswered(answered.call(), answered.reply());
      case Input.Unlocked unlocked -> unlocked(unlocked.rootKey());
      case Input.UnlockFailed failed -> unlockFailed(failed.setback());
      case Input.CustodyRequested _ -> recovery.ifPresent(Recovery::askCustodians);
      case Input.CustodyApproved brought ->
          recovery.ifPresent(it -> it.approvalBrought(brought.approval()));
      case Input.ApprovalJudged judged -> recovery().approvalJudged(judged);
      case Input.RollbackAcceptanceGiven given -> rollback.accept(given.statement());
      case Input.StopRequested _ -> departure.begin();
    }
  }

  private void start(Input.Started now) {
    InvariantError.check(!started, "a node starts once");
    started = true;
    switch (Startup.of(now, context.workshop.crypto())) {
      case Startup.Fresh _ -> birth.start();
      case Startup.SetAside unused -> {
        context.report(new Event.UnusedStoreSetAside(unused.account()));
        context.emit(new Effect.SetPendingAside());
      }
      case Startup.Recover found -> {
        Recovery begun = new Recovery(context, quotes, roster, found.manifest());
        recovery = Optional.of(begun);
        reopening = Optional.of(new Reopening(context, begun, rollback));
      }
      case Startup.Stuck found -> stick(found.setback());
    }
  }

  /// Loudly, and only where nothing can be lost by it.
  private void setAsideIfHopeless() {
    if (recovery.filter(Recovery::isHopeless).isPresent()) {
      AccountId account = recovery().manifest().terms().depositor();
      recovery().abandon();
      context.report(new Event.UnusedStoreSetAside(account));
      context.emit(new Effect.SetPendingAside());
    }
  }

  private void stick(Setback why) {
    stuck = Optional.of(why);
    context.report(new Event.Failed(why));
  }

  private void cannotSetAside(String detail) {
    stick(Setback.lasting(Setback.FILE_FAILED, detail));
  }

  private void storeOpened(Input.StoreOpened opened) {
    statements.storeOpened(opened.statement());
    if (birth.isUnderWay()) {
      birth.storeOpened(opened);
      backup.begin();
    } else {
      reopened().storeOpened(opened);
    }
  }

  private void storeNotOpened(Input.StoreNotOpened failed) {
    if (birth.isUnderWay()) {
      birth.storeNotOpened(failed);
    } else {
      recovery().storeNotOpened(failed);
    }
  }

  private void recordWritten() {
    if (reopening.filter(Reopening::isCounting).isPresent()) {
      runCounted();
    } else {
      backup.recordWritten();
    }
  }

  private void recordNotWritten(String detail) {
    if (reopening.filter(Reopening::isCounting).isPresent()) {
      reopened().notCounted(detail);
    } else {
      backup.recordNotWritten(detail);
    }
  }

  private void runCounted() {
    reopened().counted();
    backup.resume(recovery().manifest(), recovery().released(), reopened().drawn());
    recovery().close();
    witnessing.storeChanged();
    if (backup.isCommitted()) {
      provider.firm();
    }
  }

  private void manifestWritten(boolean committed) {
    if (birth.isUnderWay()) {
      birth.manifestWritten();
      return;
    }
    backup.manifestWritten(committed);
    if (committed) {
      provider.firm();
      witnessing.storeChanged();
    }
  }

  private void manifestNotWritten(String detail) {
    if (birth.isUnderWay()) {
      birth.manifestNotWritten(detail);
    } else {
      backup.manifestNotWritten(detail);
    }
  }

  /// While a recovery runs all calls are its own, and answers to them may come later still.
  private void peerAnswered(Call call, Reply reply) {
    if (context.opened().isEmpty()) {
      recovery().answered(call, reply);
      return;
    }
    if (drill.isOwn(call)) {
      drill.answered(call, reply);
      return;
    }
    switch (call) {
      case Call.AskRelease ask -> recovery().tooLate(ask, reply);
      case Call.SendClaim send -> claiming.answered(send, reply);
      case Call.SendWitness send -> witnessing.answered(send, reply);
      case Call.SendRetire send -> backup.retireAnswered(send, reply);
      case Call.TellStatement _ -> {}
      case Call.AskChallenge _,
          Call.AskProof _,
          Call.SendDeposit _,
          Call.AskPossession _,
          Call.FetchStatement _,
          Call.PushStatement _,
          Call.FetchCollateral _,
          Call.PushCollateral _,
          Call.Again _ ->
          backup.answered(call, reply);
    }
  }

  private void unlocked(SecretBytes rootKey) {
    if (drill.isUnlocking()) {
      drill.unlocked(rootKey);
    } else {
      recovery().unlocked(rootKey);
    }
  }

  private void unlockFailed(Setback why) {
    if (drill.isUnlocking()) {
      drill.unlockFailed(why);
    } else {
      recovery().unlockFailed(why);
    }
  }

  private Recovery recovery() {
    return recovery.orElseThrow(() -> new InvariantError("a recovery is under way"));
  }

  private Reopening reopened() {
    return reopening.orElseThrow(() -> new InvariantError("a recovery is under way"));
  }
}
