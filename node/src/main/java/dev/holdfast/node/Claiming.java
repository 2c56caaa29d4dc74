package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.backup.ProviderSet;
import dev.holdfast.node.backup.ProviderSets;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.Peer;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.posture.Fencing;
import dev.holdfast.protocol.run.Ballot;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.ClaimAnswer;
import dev.holdfast.protocol.run.Witness;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Sees to it that of all runs of an account one serves its users: this run asks its providers to
/// confirm it, and goes on only while a quorum of them has done so within the lease.
///
/// A confirmation counts from when no earlier run can believe in one of the same provider any more
/// ([ClaimAnswer#busyMillis]), until a lease after it was asked for. Any two quorums share a
/// provider, so at no time do two runs both serve, whatever is delayed, lost or restarted.
///
/// Spec: docs/spec/protocol.md#claims
final class Claiming {
  private final NodeContext context;
  private final ProviderSets sets;
  private final Fencing fencing;
  private final Bytes run;
  private final Map<AccountId, Vote> votes = new TreeMap<>();
  private Optional<Witness.Signed> newest = Optional.empty();
  private boolean wasHeld;
  private boolean resigning;

  /// What one provider says of this run.
  private static final class Vote {
    private final Backoff backoff;
    private Optional<Claim.Signed> asking = Optional.empty();
    private Instant askedAt;
    private Instant nextTry;
    private Optional<Instant> from = Optional.empty();
    private Instant until = Instant.MIN;
    private Optional<Ballot> lostTo = Optional.empty();
    private Optional<Setback> setback = Optional.empty();

    private Vote(Backoff backoff, Instant now) {
      this.backoff = backoff;
      this.askedAt = now;
      this.nextTry = now;
    }

    private boolean counts(Instant now) {
      return from.isPresent() && !now.isBefore(from.get()) && now.isBefore(until);
    }
  }

  Claiming(NodeContext context, ProviderSets sets) {
    this.context = context;
    this.sets = sets;
    this.fencing = context.config.posture().safeguards().fencing();
    this.run = context.randomBytes(Ballot.RUN_SIZE);
  }

  Ballot ballot() {
    return new Ballot(context.identity().instance(), run);
  }

  /// Users may be served, as far as other runs are concerned.
  boolean mayServe() {
    return !fencing.isStrict() || isHeld();
  }

  /// A quorum of every set that decides confirms this run now.
  boolean isHeld() {
    return !sets.deciding().isEmpty() && sets.deciding().stream().allMatch(this::isHeldBy);
  }

  boolean isHeldBy(ProviderSet set) {
    return confirming(set) >= set.claimQuorum();
  }

  /// How many of the committed generation's providers confirm this run.
  int confirming() {
    return sets.present().map(this::confirming).orElse(0);
  }

  int quorum() {
    return sets.present().map(ProviderSet::claimQuorum).orElse(0);
  }

  private int confirming(ProviderSet set) {
    return set.count(peer -> confirms(peer.account()));
  }

  /// `provider` has taken the claim of this run, and no greater one since as far as it said.
  boolean isTakenBy(AccountId provider) {
    Optional<Vote> vote = Optional.ofNullable(votes.get(provider));
    return vote.filter(known -> known.from.isPresent() && known.lostTo.isEmpty()).isPresent();
  }

  private boolean confirms(AccountId provider) {
    Optional<Vote> vote = Optional.ofNullable(votes.get(provider));
    return vote.filter(known -> known.counts(context.now())).isPresent();
  }

  /// The latest witness that a provider showed in its answers.
  Optional<Witness.Signed> newestWitness() {
    return newest;
  }

  /// What keeps the run from being confirmed, for people.
  Optional<Setback> setback() {
    return votes.values().stream().flatMap(vote -> vote.setback.stream()).findFirst();
  }

  /// From when on the confirmations at hand will count, when they do not yet.
  Optional<Instant> waitsUntil() {
    return votes.values().stream()
        .flatMap(vote -> vote.from.stream())
        .filter(from -> from.isAfter(context.now()))
        .max(Comparator.naturalOrder());
  }

  void advance() {
    if (!isPossible()) {
      return;
    }
    for (Peer peer : sets.peers()) {
      Vote vote =
          votes.computeIfAbsent(peer.account(), _ -> new Vote(context.backoff(), context.now()));
      if (vote.asking.isEmpty() && !context.now().isBefore(vote.nextTry)) {
        ask(peer, vote);
      }
    }
    noteChange();
    endIfBeaten();
  }

  private boolean isPossible() {
    return context.opened().isPresent() && context.vault().isPresent() && !resigning;
  }

  private void ask(Peer peer, Vote vote) {
    Claim.Signed claim = claim(peer.account(), false);
    vote.asking = Optional.of(claim);
    vote.askedAt = context.now();
    send(peer, claim);
  }

  private Claim.Signed claim(AccountId provider, boolean resigned) {
    Identity identity = context.identity();
    Claim claim =
        new Claim(
            identity.account(),
            provider,
            context.vault().orElseThrow().terms().generation(),
            ballot(),
            context.randomBytes(Claim.NONCE_SIZE),
            resigned);
    return new Claim.Signed(claim, claim.sign(context.workshop.crypto(), identity.key()));
  }

  private void send(Peer peer, Claim.Signed claim) {
    context.emit(
        new Effect.Send(new Call.SendClaim(peer, claim), context.config.timings().callDeadline()));
  }

  /// Takes the answer to a claim of this run.
  void answered(Call.SendClaim call, Reply reply) {
    Optional<Vote> known =
        Optional.ofNullable(votes.get(call.peer().account()))
            .filter(vote -> vote.asking.equals(Optional.of(call.claim())));
    if (known.isEmpty()) {
      return;
    }
    Vote vote = known.get();
    vote.asking = Optional.empty();
    switch (reply) {
      case Reply.Claimed claimed -> confirmed(vote, call.claim().claim(), claimed.answer());
      case Reply.ClaimLost lost -> {
        vote.lostTo = Optional.of(lost.winner());
        vote.from = Optional.empty();
        failed(vote, call.peer(), lost.setback());
      }
      case Reply.Failed failed -> failed(vote, call.peer(), failed.setback());
      case Reply.Challenged _,
          Reply.Proved _,
          Reply.Acknowledged _,
          Reply.Released _,
          Reply.NothingHeld _,
          Reply.Witnessed _,
          Reply.Retired _,
          Reply.Possessed _,
          Reply.Told _ ->
          throw new InvariantError("a claim is answered by a claim's answer");
    }
  }

  private void confirmed(Vote vote, Claim claim, ClaimAnswer answer) {
    if (claim.resigned()) {
      return;
    }
    vote.lostTo = Optional.empty();
    vote.setback = Optional.empty();
    vote.backoff.reset();
    if (vote.from.isEmpty()) {
      vote.from = Optional.of(context.now().plusMillis(answer.busyMillis()));
    }
    vote.until = vote.askedAt.plus(fencing.lease());
    vote.nextTry = vote.askedAt.plus(fencing.lease().dividedBy(3));
    answer.witness().ifPresent(this::remember);
  }

  private void remember(Witness.Signed witness) {
    boolean newer =
        newest
            .map(known -> witness.witness().compare(known.witness()))
            .filter(order -> order != Witness.Order.NEWER)
            .isEmpty();
    if (newer) {
      newest = Optional.of(witness);
    }
  }

  private void failed(Vote vote, Peer peer, Setback why) {
    vote.setback = Optional.of(why);
    vote.nextTry = vote.backoff.next(context.now());
    context.report(new Event.ProviderFailed(peer.account(), peer.name(), why));
  }

  private void noteChange() {
    boolean held = isHeld();
    if (held != wasHeld) {
      wasHeld = held;
      long instance = context.identity().instance();
      context.report(
          held ? new Event.Confirmed(instance, confirming()) : new Event.Unconfirmed(instance));
    }
  }

  /// Another run is proved to have a quorum: this one can never have one again.
  private void endIfBeaten() {
    sets.deciding().forEach(this::endIfBeatenAt);
  }

  private void endIfBeatenAt(ProviderSet set) {
    Map<Ballot, Integer> rivals = new HashMap<>();
    for (Peer peer : set.peers()) {
      Optional.ofNullable(votes.get(peer.account()))
          .flatMap(vote -> vote.lostTo)
          .ifPresent(winner -> rivals.merge(winner, 1, Integer::sum));
    }
    rivals.forEach((winner, count) -> {
      if (count >= set.claimQuorum()) {
        Setback why =
            Setback.lasting(
                Setback.FENCED,
                "run %s of this account was confirmed by %d of %d providers"
                    .formatted(winner, count, set.peers().size()));
        context.end(NodeContext.End.fenced(why));
        context.report(new Event.Fenced(context.identity().instance(), why));
      }
    });
  }

  Optional<Instant> wakeAt() {
    if (!isPossible()) {
      return Optional.empty();
    }
    List<Instant> times = new ArrayList<>();
    for (Peer peer : sets.peers()) {
      Optional<Vote> vote = Optional.ofNullable(votes.get(peer.account()));
      if (vote.isEmpty()) {
        times.add(context.now());
        continue;
      }
      vote.filter(known -> known.asking.isEmpty()).ifPresent(known -> times.add(known.nextTry));
      vote.flatMap(known -> known.from).filter(context.now()::isBefore).ifPresent(times::add);
      vote.map(known -> known.until).filter(context.now()::isBefore).ifPresent(times::add);
    }
    return times.stream().min(Comparator.naturalOrder());
  }

  /// Says to all who confirmed this run that it ends, so that the next need not wait.
  void resign() {
    if (!isPossible()) {
      return;
    }
    resigning = true;
    for (Peer peer : sets.peers()) {
      Optional.ofNullable(votes.get(peer.account()))
          .filter(vote -> vote.from.isPresent())
          .ifPresent(vote -> {
            Claim.Signed claim = claim(peer.account(), true);
            vote.asking = Optional.of(claim);
            send(peer, claim);
          });
    }
  }

  /// Everybody who was told of the end has answered, or failed to.
  boolean isResigned() {
    return votes.values().stream().allMatch(vote -> vote.asking.isEmpty());
  }
}
