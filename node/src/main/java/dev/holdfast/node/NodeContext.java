package dev.holdfast.node;

import dev.holdfast.attestation.Claims;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.work.Workshop;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the parts of a node share: its configuration, what it knows of itself, the time of the
/// present step and the effects that it has decided on. Owned by the node's thread.
final class NodeContext {
  final NodeConfig config;
  final Workshop workshop;
  final SecureRandom random;
  final Bytes postureDigest;
  final Tally tally = new Tally();

  private final List<Effect> effects = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private Optional<Collateral> collateral = Optional.empty();
  private Optional<Claims> ownClaims = Optional.empty();
  private Optional<Vault> vault = Optional.empty();
  private Optional<Opened> opened = Optional.empty();
  private Optional<End> end = Optional.empty();

  NodeContext(NodeConfig config, Workshop workshop, SecureRandom random) {
    this.config = config;
    this.workshop = workshop;
    this.random = random;
    this.postureDigest = config.posture().digest();
  }

  /// The node does nothing any more, until something outside of it changes.
  record End(NodeState state, Setback why) {
    static End fenced(Setback why) {
      return new End(NodeState.FENCED, why);
    }

    static End rolledBack(Setback why) {
      return new End(NodeState.ROLLED_BACK, why);
    }
  }

  /// The node's own store is open.
  record Opened(Identity identity, LedgerView ledger) {}

  void begin(Instant time) {
    InvariantError.check(!time.isBefore(now), "the monotonic clock does not go back");
    now = time;
  }

  List<Effect> takeEffects() {
    List<Effect> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }

  Instant now() {
    return now;
  }

  boolean isDue(Optional<Instant> at) {
    return at.isPresent() && !now.isBefore(at.get());
  }

  void emit(Effect effect) {
    effects.add(effect);
  }

  void report(Event event) {
    effects.add(new Effect.Report(event));
  }

  Backoff backoff() {
    return new Backoff(config.timings(), random);
  }

  Bytes randomBytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  Optional<Collateral> collateral() {
    return collateral;
  }

  void setCollateral(Collateral obtained) {
    collateral = Optional.of(obtained);
    workshop.shelveOwn(obtained);
  }

  /// What the node's own evidence shows, as others see it; known once its own quote was judged. Of
  /// use for the platform's ids only: what this VM runs is its own registers.
  Optional<Claims> ownClaims() {
    return ownClaims;
  }

  void setOwnClaims(Claims claims) {
    ownClaims = Optional.of(claims);
  }

  Optional<Vault> vault() {
    return vault;
  }

  void setVault(Vault held) {
    vault = Optional.of(held);
    workshop.shelveOrigin(held.originCollateral());
  }

  Optional<Opened> opened() {
    return opened;
  }

  void setOpened(Opened store) {
    opened = Optional.of(store);
  }

  Optional<End> ended() {
    return end;
  }

  /// The first end counts.
  void end(End found) {
    if (end.isEmpty()) {
      end = Optional.of(found);
    }
  }

  void goOn() {
    end = Optional.empty();
  }

  Identity identity() {
    return opened.orElseThrow(() -> new InvariantError("the store is open")).identity();
  }
}
