package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.ProviderStatus.Progress;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.run.Witness;
import java.time.Instant;
import java.util.Optional;

/// How far a recovery is with one provider.
final class Asking {
  private final Holder holder;
  private final Backoff backoff;
  private Progress progress = Progress.WAITING;
  private boolean asking;
  private boolean useHint;
  private Instant nextTry;
  private Instant challengedAt = Instant.MIN;
  private Bytes challenge = Bytes.EMPTY;
  private Optional<Call.AskRelease> request = Optional.empty();
  private Optional<Setback> setback = Optional.empty();
  private Optional<Share> share = Optional.empty();
  private Optional<Witness.Signed> witness = Optional.empty();
  private long instance;
  private boolean nothingHeld;

  Asking(Holder holder, Backoff backoff, Instant now) {
    this.holder = holder;
    this.backoff = backoff;
    this.nextTry = now;
  }

  AccountId account() {
    return holder.account();
  }

  String name() {
    return holder.name().isEmpty() ? holder.account().abbreviated() : holder.name();
  }

  /// The registry's word for where the provider is, or the manifest's where that did not work.
  Endpoint endpoint(Optional<Endpoint> listed) {
    return useHint ? holder.endpoint() : listed.orElse(holder.endpoint());
  }

  boolean isDue(Instant now) {
    return progress == Progress.WAITING && !asking && !now.isBefore(nextTry);
  }

  /// When this wants to be tried again; empty while something is under way.
  Optional<Instant> wakeAt() {
    return progress == Progress.WAITING && !asking ? Optional.of(nextTry) : Optional.empty();
  }

  void startChallenge() {
    asking = true;
  }

  /// A challenge was asked for and has not come.
  boolean isAwaitingChallenge() {
    return progress == Progress.WAITING && asking;
  }

  void challenged(Bytes given, Instant now) {
    asking = false;
    challenge = given;
    challengedAt = now;
    progress = Progress.CHALLENGED;
    setback = Optional.empty();
  }

  boolean isChallenged() {
    return progress == Progress.CHALLENGED;
  }

  Bytes challenge() {
    return challenge;
  }

  Instant challengedAt() {
    return challengedAt;
  }

  /// Its challenge is in a quote that is being made.
  void quoting() {
    progress = Progress.ASKED;
  }

  void requested(Call.AskRelease call) {
    request = Optional.of(call);
  }

  boolean isRequest(Call.AskRelease call) {
    return request.isPresent() && request.get().equals(call);
  }

  void released(Reply.Released given) {
    share = Optional.of(given.share());
    witness = given.witness();
    instance = given.instance();
    request = Optional.empty();
    progress = Progress.RELEASED;
    setback = Optional.empty();
  }

  Optional<Share> share() {
    return share;
  }

  /// What it remembers of the store, with its share.
  Optional<Witness.Signed> witness() {
    return witness;
  }

  /// That of the deposit which it holds.
  long instance() {
    return instance;
  }

  /// It signed that it holds nothing for us; it is asked again all the same.
  void nothingHeld(Setback why, Instant now) {
    nothingHeld = true;
    failed(why, now);
  }

  boolean holdsNothing() {
    return nothingHeld;
  }

  /// Back to the start after a pause. The next try goes to the other endpoint, if there are two.
  void failed(Setback why, Instant now) {
    asking = false;
    request = Optional.empty();
    progress = Progress.WAITING;
    setback = Optional.of(why);
    nextTry = backoff.next(now);
    useHint = !useHint;
  }

  ProviderStatus status(Optional<Endpoint> listed) {
    boolean failed = progress == Progress.WAITING && setback.isPresent();
    return new ProviderStatus(
        holder.account(),
        name(),
        endpoint(listed),
        holder.index(),
        failed ? Progress.FAILED : progress,
        setback);
  }

  void close() {
    share.ifPresent(Share::close);
  }
}
