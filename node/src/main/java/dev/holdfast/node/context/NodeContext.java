package dev.holdfast.node.context;

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
public final class NodeContext {
  public final NodeConfig config;
  public final Workshop workshop;
  public final SecureRandom random;
  public final Bytes postureDigest;
  public final Tally tally = new Tally();

  private final List<Effect> effects = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private Optional<Collateral> collateral = Optional.empty();
  private Optional<Claims> ownClaims = Optional.empty();
  private Optional<Vault> vault = Optional.empty();
  private Optional<Opened> opened = Optional.empty();
  private Optional<End> end = Optional.empty();

  public NodeContext(NodeConfig config, Workshop workshop, SecureRandom random) {
    this.config = config;
    this.workshop = workshop;
    this.random = random;
    this.postureDigest = config.posture().digest();
  }

  /// The node does nothing any more, until something outside of it changes.
  public record End(NodeState state, Setback why) {
    public static End fenced(Setback why) {
      return new End(NodeState.FENCED, why);
    }

    public static End rolledBack(Setback why) {
      return new End(NodeState.ROLLED_BACK, why);
    }
  }

  /// The node's own store is open.
  public record Opened(Identity identity, LedgerView ledger) {}

  public void begin(Instant time) {
    InvariantError.check(!time.isBefore(now), "the monotonic clock does not go back");
    now = time;
  }

  public List<Effect> takeEffects() {
    List<Effect> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }

  public Instant now() {
    return now;
  }

  public boolean isDue(Optional<Instant> at) {
    return at.isPresent() && !now.isBefore(at.get());
  }

  public void emit(Effect effect) {
    effects.add(effect);
  }

  public void report(Event event) {
    effects.add(new Effect.Report(event));
  }

  public Backoff backoff() {
    return new Backoff(config.timings(), random);
  }

  public Bytes randomBytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  public Optional<Collateral> collateral() {
    return collateral;
  }

  public void setCollateral(Collateral obtained) {
    collateral = Optional.of(obtained);
    workshop.shelveOwn(obtained);
  }

  /// What the node's own evidence shows, as others see it; known once its own quote was judged. Of
  /// use for the platform's ids only: what this VM runs is its own registers.
  public Optional<Claims> ownClaims() {
    return ownClaims;
  }

  public void setOwnClaims(Claims claims) {
    ownClaims = Optional.of(claims);
  }

  public Optional<Vault> vault() {
    return vault;
  }

  public void setVault(Vault held) {
    vault = Optional.of(held);
    workshop.shelveOrigin(held.originCollateral());
  }

  public Optional<Opened> opened() {
    return opened;
  }

  public void setOpened(Opened store) {
    opened = Optional.of(store);
  }

  public Optional<End> ended() {
    return end;
  }

  /// The first end counts.
  public void end(End found) {
    if (end.isEmpty()) {
      end = Optional.of(found);
    }
  }

  public void goOn() {
    end = Optional.empty();
  }

  public Identity identity() {
    return opened.orElseThrow(() -> new InvariantError("the store is open")).identity();
  }
}
