package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.backup.Backup;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Roster;
import dev.holdfast.node.context.Vault;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.provider.Provider;
import dev.holdfast.node.work.Gate;
import dev.holdfast.node.work.GateContext;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.posture.KeyQuorum;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where the node stands, worked out anew after each step from what its parts know: the state, the
/// snapshot for others, and the gate for requests.
///
/// `snapshot` and `gate` are written by the node's thread and read by all.
final class Standing {
  private final NodeContext context;
  private final Parts parts;
  private NodeState state = NodeState.STARTING;
  private Instant since = Instant.EPOCH;
  private GateContext gateContext = GateContext.CLOSED;
  private long rosterVersion = -1;
  private volatile NodeSnapshot snapshot;
  private volatile Gate gate;

  /// Whose knowledge makes it.
  record Parts(
      Roster roster,
      Birth birth,
      Presence presence,
      Backup backup,
      Claiming claiming,
      Witnessing witnessing,
      RollbackCheck rollback,
      Provider provider,
      Drill drill) {}

  /// The parts that are there only at times.
  record Phase(
      Optional<Recovery> recovery,
      Optional<Reopening> reopening,
      Optional<Setback> stuck,
      boolean stopping) {
    boolean isRecovering() {
      return recovery.isPresent() || stuck.isPresent();
    }
  }

  Standing(NodeContext context, Parts parts) {
    this.context = context;
    this.parts = parts;
    Phase phase = new Phase(Optional.empty(), Optional.empty(), Optional.empty(), false);
    this.snapshot = describe(phase);
    this.gate = context.workshop.gate(gateContext);
  }

  NodeSnapshot snapshot() {
    return snapshot;
  }

  Gate gate() {
    return gate;
  }

  void update(Phase phase) {
    NodeState next = next(phase);
    while (next != state) {
      enter(next, phase);
      next = next(phase);
    }
    snapshot = describe(phase);
    updateGate(phase);
  }

  private void enter(NodeState next, Phase phase) {
    InvariantError.check(state.mayBecome(next), state + " does not become " + next);
    NodeState before = state;
    state = next;
    since = context.now();
    context.report(new Event.StateChanged(before, next, sentence(phase)));
  }

  /// The state after this one, or this one. Spec: docs/spec/lifecycle.md#states
  private NodeState next(Phase phase) {
    if (phase.stopping()) {
      return NodeState.STOPPING;
    }
    if (context.ended().isPresent()) {
      return context.ended().get().state();
    }
    boolean connected = context.opened().isPresent() && parts.roster().isSeen();
    return switch (state) {
      case STARTING ->
          phase.isRecovering()
              ? NodeState.RECOVERING
              : connected ? NodeState.CONNECTED : NodeState.STARTING;
      case RECOVERING -> connected ? NodeState.CONNECTED : NodeState.RECOVERING;
      case CONNECTED ->
          parts.presence().isPublished() ? NodeState.WAITING_ADMISSION : NodeState.CONNECTED;
      case WAITING_ADMISSION -> isAdmitted() ? settled() : NodeState.WAITING_ADMISSION;
      case BACKING_UP, READY, DEGRADED, UNCONFIRMED -> settled();
      case ROLLED_BACK -> connected ? NodeState.CONNECTED : NodeState.RECOVERING;
      case FENCED, STOPPING -> state;
    };
  }

  private boolean isAdmitted() {
    Identity identity = context.identity();
    return parts
        .roster()
        .find(identity.account())
        .filter(record -> record.instance() == identity.instance())
        .isPresent();
  }

  private NodeState settled() {
    if (!parts.backup().isSafe()) {
      return NodeState.BACKING_UP;
    }
    if (!parts.claiming().mayServe()) {
      return NodeState.UNCONFIRMED;
    }
    return parts.backup().isWhole() ? NodeState.READY : NodeState.DEGRADED;
  }

  private String sentence(Phase phase) {
    Optional<Setback> setback = setback(phase);
    String sentence =
        switch (state) {
          case STARTING ->
              Sentences.starting(
                  setback, context.collateral().isPresent(), context.opened().isPresent());
          case RECOVERING -> recovering(phase);
          case CONNECTED -> Sentences.connected(parts.presence().setback());
          case WAITING_ADMISSION -> Sentences.waitingAdmission();
          case BACKING_UP ->
              Sentences.backingUp(
                  threshold(),
                  parts.backup().placed(),
                  parts.backup().firm(),
                  parts.backup().statuses());
          case READY -> Sentences.ready(threshold(), parts.backup().setback());
          case DEGRADED ->
              Sentences.degraded(
                  threshold(),
                  parts.backup().placed(),
                  parts.backup().firm(),
                  parts.backup().statuses(),
                  parts.backup().setback());
          case UNCONFIRMED -> unconfirmed();
          case FENCED -> Sentences.fenced(end());
          case ROLLED_BACK -> Sentences.rolledBack(end(), releaseKeys().threshold());
          case STOPPING -> Sentences.stopping();
        };
    return Sentences.withLeaving(
        Sentences.withRegistry(sentence, parts.roster().unavailable(), state), held(), state);
  }

  private Setback end() {
    return context.ended().orElseThrow().why();
  }

  private KeyQuorum releaseKeys() {
    return context.config.posture().safeguards().releaseKeys();
  }

  private String unconfirmed() {
    Claiming claiming = parts.claiming();
    return Sentences.unconfirmed(
        claiming.confirming(),
        claiming.quorum(),
        claiming.waitsUntil().map(until -> Duration.between(context.now(), until)),
        claiming.setback());
  }

  private String recovering(Phase phase) {
    if (phase.stuck().isPresent()) {
      return Sentences.stuck(phase.stuck().get());
    }
    if (phase.recovery().isEmpty()) {
      return Sentences.startingAnew(setback(phase));
    }
    Recovery recovery = phase.recovery().get();
    return recovery.isDone()
        ? Sentences.reopened(phase.reopening().flatMap(Reopening::setback))
        : Sentences.recovering(
                recovery.manifest().terms().threshold(),
                recovery.shares(),
                recovery.statuses(),
                recovery.setback(),
                context.collateral().isPresent(),
                recovery.manifest().committed())
            + recovery.custody().map(Sentences::custodians).orElse("");
  }

  private Optional<Setback> setback(Phase phase) {
    return phase
        .stuck()
        .or(() -> context.ended().map(NodeContext.End::why))
        .or(() -> phase.recovery().flatMap(Recovery::setback))
        .or(() -> phase.reopening().flatMap(Reopening::setback))
        .or(parts.birth()::setback)
        .or(parts.presence()::setback)
        .or(parts.backup()::setback)
        .or(parts.witnessing()::setback);
  }

  private Threshold threshold() {
    return context
        .vault()
        .map(vault -> vault.terms().threshold())
        .orElse(context.config.posture().threshold());
  }

  private NodeSnapshot describe(Phase phase) {
    boolean open = context.opened().isPresent() && context.ended().isEmpty();
    List<ProviderStatus> providers =
        open
            ? parts.backup().statuses()
            : phase.recovery().map(Recovery::statuses).orElse(List.of());
    return new NodeSnapshot(
        state,
        since,
        sentence(phase),
        setback(phase),
        self(phase),
        phase
            .recovery()
            .map(recovery -> recovery.manifest().terms().threshold())
            .orElse(threshold()),
        open,
        users(open, phase),
        parts.witnessing().witnessed(),
        parts.witnessing().openSince(),
        parts.rollback().demanded(),
        providers,
        open ? Optional.empty() : phase.recovery().flatMap(Recovery::custody),
        parts.drill().last(),
        parts.roster().size(),
        held(),
        context.tally.counters());
  }

  private NodeSnapshot.Held held() {
    long accounts =
        context
            .opened()
            .filter(_ -> context.ended().isEmpty())
            .map(opened -> opened.ledger().count())
            .orElse(0L);
    return new NodeSnapshot.Held(accounts, parts.provider().isLeaving());
  }

  /// Before the first backup there is no quorum that could confirm the run, and nothing to read.
  private NodeSnapshot.Users users(boolean open, Phase phase) {
    boolean served = open && !phase.stopping() && parts.claiming().mayServe();
    return new NodeSnapshot.Users(
        served, served && parts.backup().isSafe() && !parts.witnessing().isOverdue());
  }

  private NodeSnapshot.Self self(Phase phase) {
    Posture posture = context.config.posture();
    Optional<SharingTerms> terms =
        context
            .vault()
            .map(Vault::terms)
            .or(() -> phase.recovery().map(recovery -> recovery.manifest().terms()));
    return new NodeSnapshot.Self(
        terms.map(SharingTerms::depositor),
        terms.map(SharingTerms::storeId),
        terms.map(SharingTerms::generation).orElse(0L),
        terms.map(known -> known.origin().birth().at()),
        context.opened().map(opened -> opened.identity().instance()).orElse(0L),
        context.postureDigest,
        posture.insecureSimulatedPlatform());
  }

  /// A new gate only when something that it knows has changed.
  private void updateGate(Phase phase) {
    Optional<GateContext.Open> open =
        context
            .opened()
            .filter(_ -> context.ended().isEmpty())
            .map(opened -> new GateContext.Open(opened.identity(), opened.ledger()));
    Optional<Bytes> record = parts.presence().record();
    boolean same =
        rosterVersion == parts.roster().version()
            && gateContext.open().isPresent() == open.isPresent()
            && gateContext.record().equals(record)
            && gateContext.leaving() == parts.provider().isLeaving()
            && gateContext.stopping() == phase.stopping();
    if (same) {
      return;
    }
    rosterVersion = parts.roster().version();
    gateContext =
        new GateContext(
            open, parts.roster().images(), record, parts.provider().isLeaving(), phase.stopping());
    gate = context.workshop.gate(gateContext);
  }
}
