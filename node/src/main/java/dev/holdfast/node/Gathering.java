package dev.holdfast.node;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.Share;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.context.Roster;
import dev.holdfast.node.context.Timings;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Peer;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.MemberRecord;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.protocol.message.RecoveryRequest;
import dev.holdfast.protocol.run.Witness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Gathers the shares of one manifest from its providers: asks all at once, with one quote for all
/// whose challenge came in time, and with another for latecomers, and asks again those that failed.
final class Gathering {
  /// A challenge older than this is not worth a quote any more.
  private static final Duration STALE = Duration.ofSeconds(40);

  private final NodeContext context;
  private final Quotes quotes;
  private final Roster roster;
  private final Manifest manifest;
  private final EnvelopeKeys responseKeys;
  private final List<Asking> providers = new ArrayList<>();
  private boolean quoting;
  private boolean stopped;
  private boolean closed;
  private int outstanding;
  private Optional<Setback> setback = Optional.empty();

  /// @param responseKeys to which shares are sealed; stay the caller's, who keeps them while this
  ///   [#isBusy]
  Gathering(
      NodeContext context,
      Quotes quotes,
      Roster roster,
      Manifest manifest,
      EnvelopeKeys responseKeys) {
    this.context = context;
    this.quotes = quotes;
    this.roster = roster;
    this.manifest = manifest;
    this.responseKeys = responseKeys;
    for (Holder holder : manifest.holders()) {
      providers.add(new Asking(holder, context.backoff(), context.now()));
    }
  }

  /// Why the last quote failed.
  Optional<Setback> setback() {
    return setback;
  }

  List<ProviderStatus> statuses() {
    return providers.stream().map(provider -> provider.status(listed(provider))).toList();
  }

  int shares() {
    return (int) providers.stream().filter(provider -> provider.share().isPresent()).count();
  }

  boolean haveEnough() {
    return shares() >= terms().threshold().k();
  }

  /// Exactly k shares.
  List<Share> enough() {
    return providers.stream()
        .flatMap(provider -> provider.share().stream())
        .limit(terms().threshold().k())
        .toList();
  }

  /// Who gave its share.
  List<AccountId> released() {
    return providers.stream()
        .filter(provider -> provider.share().isPresent())
        .map(Asking::account)
        .toList();
  }

  /// What those who gave their share remember of the store.
  List<Witness.Signed> witnesses() {
    return providers.stream().flatMap(provider -> provider.witness().stream()).toList();
  }

  /// The highest instance of which a provider that gave its share knows.
  long highestInstance() {
    return providers.stream().mapToLong(Asking::instance).max().orElse(0);
  }

  /// So many providers signed that they hold nothing that fewer than k can have a share.
  boolean isHopeless() {
    long nothing = providers.stream().filter(Asking::holdsNothing).count();
    return nothing > providers.size() - terms().threshold().k();
  }

  private SharingTerms terms() {
    return manifest.terms();
  }

  /// True while an answer may come that needs the response keys.
  boolean isBusy() {
    return outstanding > 0;
  }

  void advance() {
    for (Asking provider : providers) {
      if (provider.isDue(context.now())) {
        provider.startChallenge();
        context.tally.recoveryAttempts++;
        send(new Call.AskChallenge(peer(provider), terms().depositor()));
      } else if (provider.isChallenged() && isStale(provider)) {
        provider.failed(Setback.passing("challenge-expired", "no quote in time"), context.now());
      }
    }
    if (!quoting && isTimeToQuote()) {
      askQuote();
    }
  }

  Optional<Instant> wakeAt() {
    List<Instant> times = new ArrayList<>();
    providers.forEach(provider -> provider.wakeAt().ifPresent(times::add));
    if (!quoting) {
      challenged().forEach(provider -> times.add(quoteAt()));
    }
    return times.stream().min(Comparator.naturalOrder());
  }

  private List<Asking> challenged() {
    return providers.stream().filter(Asking::isChallenged).toList();
  }

  private boolean isStale(Asking provider) {
    return provider.challengedAt().plus(STALE).isBefore(context.now());
  }

  /// With one challenge more than needed there is nothing to wait for, nor when nobody is left to
  /// answer.
  private boolean isTimeToQuote() {
    List<Asking> ready = challenged();
    if (ready.isEmpty()) {
      return false;
    }
    int wanted = terms().threshold().k() - shares();
    boolean nobodyElse = providers.stream().noneMatch(Asking::isAwaitingChallenge);
    return ready.size() > wanted || nobodyElse || !context.now().isBefore(quoteAt());
  }

  /// A short wait for one more once there are enough, a longer one until there are.
  private Instant quoteAt() {
    List<Instant> times = challenged().stream().map(Asking::challengedAt).sorted().toList();
    int wanted = terms().threshold().k() - shares();
    Timings timings = context.config.timings();
    return times.size() >= wanted
        ? times.get(wanted - 1).plus(timings.hedge())
        : times.getFirst().plus(timings.gather());
  }

  private void askQuote() {
    quoting = true;
    List<Asking> covered = challenged();
    List<Bytes> entries =
        ReportData.sorted(
            covered.stream()
                .map(p -> ReportData.recoveryEntry(p.account(), p.challenge()))
                .toList());
    covered.forEach(Asking::quoting);
    Bytes reportData =
        ReportData.recovery(
            context.postureDigest,
            terms().depositor(),
            terms().generation(),
            responseKeys.publicKey(),
            entries);
    Collateral collateral = context.collateral().orElseThrow();
    quotes.askJudged(reportData, result -> quoted(result, covered, entries, collateral));
  }

  private void quoted(
      Quotes.Result result, List<Asking> covered, List<Bytes> entries, Collateral collateral) {
    quoting = false;
    if (stopped) {
      return;
    }
    switch (result) {
      case Quotes.Result.Judged judged -> {
        setback = Optional.empty();
        for (Asking provider : covered) {
          request(provider, entries, judged.quote(), collateral);
        }
      }
      case Quotes.Result.Failed failed -> {
        setback = Optional.of(failed.setback());
        covered.forEach(provider -> provider.failed(failed.setback(), context.now()));
        context.report(new Event.Failed(failed.setback()));
      }
      case Quotes.Result.Made _ -> throw new InvariantError("a quote for shares is judged");
    }
  }

  private void request(Asking provider, List<Bytes> entries, Bytes quote, Collateral collateral) {
    RecoveryRequest.Asked asked =
        new RecoveryRequest.Asked(
            terms().depositor(),
            provider.account(),
            terms().generation(),
            context.postureDigest,
            responseKeys.publicKey(),
            provider.challenge(),
            entries);
    DiskToken.Statement statement =
        new DiskToken.Statement(
            asked.account(), asked.provider(), asked.challenge(), asked.responseKey());
    Bytes proof = DiskToken.prove(manifest.token().key(), statement);
    RecoveryRequest request = new RecoveryRequest(asked, proof, quote, collateral.digest());
    Call.AskRelease call = new Call.AskRelease(peer(provider), request, responseKeys, manifest);
    provider.requested(call);
    outstanding++;
    send(call);
  }

  /// A challenge was asked for here, of the peer that this call is to, and has not come.
  boolean awaitsChallenge(Call.AskChallenge ask) {
    return !closed && find(ask.peer().account()).filter(Asking::isAwaitingChallenge).isPresent();
  }

  /// Takes an answer to one of the calls made here.
  void answered(Call call, Reply reply) {
    switch (call) {
      case Call.AskChallenge ask ->
          find(ask.peer().account())
              .filter(Asking::isAwaitingChallenge)
              .ifPresent(provider -> challengeAnswered(provider, reply));
      case Call.AskRelease ask -> {
        outstanding--;
        find(ask.peer().account())
            .filter(provider -> !closed && provider.isRequest(ask))
            .ifPresentOrElse(provider -> releaseAnswered(provider, reply), () -> drop(reply));
      }
      case Call.AskProof _,
          Call.SendDeposit _,
          Call.SendClaim _,
          Call.SendWitness _,
          Call.SendRetire _,
          Call.AskPossession _,
          Call.FetchStatement _,
          Call.PushStatement _,
          Call.TellStatement _,
          Call.FetchCollateral _,
          Call.PushCollateral _,
          Call.Again _ ->
          drop(reply);
    }
  }

  private void challengeAnswered(Asking provider, Reply reply) {
    switch (reply) {
      case Reply.Challenged challenged ->
          provider.challenged(challenged.challenge(), context.now());
      case Reply.Failed failed -> failed(provider, failed.setback());
      case Reply.Proved _,
          Reply.Acknowledged _,
          Reply.Released _,
          Reply.NothingHeld _,
          Reply.Claimed _,
          Reply.ClaimLost _,
          Reply.Witnessed _,
          Reply.Retired _,
          Reply.Possessed _,
          Reply.Told _ ->
          throw new InvariantError("a challenge is answered by a challenge");
    }
  }

  private void releaseAnswered(Asking provider, Reply reply) {
    switch (reply) {
      case Reply.Released released -> provider.released(released);
      case Reply.NothingHeld nothing -> {
        provider.nothingHeld(nothing.setback(), context.now());
        reportFailed(provider, nothing.setback());
      }
      case Reply.Failed failed -> failed(provider, failed.setback());
      case Reply.Challenged _,
          Reply.Proved _,
          Reply.Acknowledged _,
          Reply.Claimed _,
          Reply.ClaimLost _,
          Reply.Witnessed _,
          Reply.Retired _,
          Reply.Possessed _,
          Reply.Told _ ->
          throw new InvariantError("a recovery is answered by a release");
    }
  }

  /// An answer that came too late to be used; a lie is named all the same.
  void tooLate(Call.AskRelease ask, Reply reply) {
    outstanding--;
    drop(reply);
    if (reply instanceof Reply.Failed failed) {
      Peer peer = ask.peer();
      context.report(new Event.ProviderFailed(peer.account(), peer.name(), failed.setback()));
    }
  }

  private static void drop(Reply reply) {
    if (reply instanceof Reply.Released released) {
      released.share().close();
    }
  }

  private void failed(Asking provider, Setback why) {
    provider.failed(why, context.now());
    reportFailed(provider, why);
  }

  private void reportFailed(Asking provider, Setback why) {
    context.report(new Event.ProviderFailed(provider.account(), provider.name(), why));
  }

  /// No quote that comes now is used any more.
  void stop() {
    stopped = true;
  }

  /// Erases the shares.
  void close() {
    stop();
    closed = true;
    providers.forEach(Asking::close);
  }

  private Optional<Asking> find(AccountId account) {
    return providers.stream().filter(p -> p.account().equals(account)).findFirst();
  }

  private Peer peer(Asking provider) {
    return new Peer(provider.account(), provider.endpoint(listed(provider)), provider.name());
  }

  private Optional<Endpoint> listed(Asking provider) {
    return roster.find(provider.account()).map(MemberRecord::endpoint);
  }

  private void send(Call call) {
    context.emit(new Effect.Send(call, context.config.timings().callDeadline()));
  }
}
