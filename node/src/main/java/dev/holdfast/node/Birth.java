package dev.holdfast.node;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.context.Vault;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.Threshold;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Makes a new account and store: draws the keys, has their origin quoted, writes a pending
/// manifest without holders, then makes the store. A crash before the store's first deposit loses
/// nothing, since nobody depends on it yet.
///
/// Spec: docs/spec/lifecycle.md#fresh-start
final class Birth {
  private static final long FIRST = 1;

  private final NodeContext context;
  private final Quotes quotes;
  private final RollbackCheck rollback;
  private final Backoff backoff;
  private Phase phase = Phase.IDLE;
  private Optional<Instant> nextTry = Optional.empty();
  private Optional<Setback> setback = Optional.empty();
  private Optional<Draft> draft = Optional.empty();

  private enum Phase {
    IDLE,
    WAITING,
    QUOTING,
    WRITING_MANIFEST,
    MAKING_STORE,
    DONE
  }

  /// What was drawn.
  private record Draft(
      SigningKey signingKey, AccountId account, Bytes storeId, SecretBytes rootKey, Instant at) {
    Draft at(Instant later) {
      return new Draft(signingKey, account, storeId, rootKey, later);
    }

    Origin.Birth birth() {
      return new Origin.Birth(Origin.commitment(rootKey, account, storeId), at);
    }
  }

  Birth(NodeContext context, Quotes quotes, RollbackCheck rollback) {
    this.context = context;
    this.quotes = quotes;
    this.rollback = rollback;
    this.backoff = context.backoff();
  }

  void start() {
    phase = Phase.WAITING;
    nextTry = Optional.of(context.now());
  }

  boolean isUnderWay() {
    return phase != Phase.IDLE && phase != Phase.DONE;
  }

  Optional<Setback> setback() {
    return setback;
  }

  Optional<Instant> wakeAt() {
    return phase == Phase.WAITING && context.collateral().isPresent() ? nextTry : Optional.empty();
  }

  void advance() {
    if (phase != Phase.WAITING || context.collateral().isEmpty() || !context.isDue(nextTry)) {
      return;
    }
    phase = Phase.QUOTING;
    Draft drawn = draft.map(earlier -> earlier.at(wholeMillis())).orElseGet(this::draw);
    draft = Optional.of(drawn);
    Bytes reportData =
        ReportData.origin(
            context.postureDigest, drawn.account(), FIRST, drawn.storeId(), drawn.birth());
    Collateral collateral = context.collateral().get();
    quotes.askJudged(reportData, result -> quoted(result, collateral));
  }

  private Draft draw() {
    SigningKey key = context.workshop.crypto().generateSigningKey();
    return new Draft(
        key,
        new AccountId(key.publicKey()),
        context.randomBytes(SharingTerms.STORE_ID_SIZE),
        SecretBytes.generate(Sharing.SECRET_SIZE, context.random),
        wholeMillis());
  }

  private Instant wholeMillis() {
    return context.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private void quoted(Quotes.Result result, Collateral collateral) {
    switch (result) {
      case Quotes.Result.Judged judged -> {
        context.setVault(vault(judged.quote(), collateral));
        writeManifest();
      }
      case Quotes.Result.Failed failed -> retry(failed.setback());
      case Quotes.Result.Made _ -> throw new InvariantError("an origin quote is judged");
    }
  }

  private Vault vault(Bytes quote, Collateral collateral) {
    Draft drawn = drawn();
    Threshold threshold = context.config.posture().threshold();
    List<Share> shares =
        Sharing.split(drawn.rootKey(), threshold.k(), threshold.n(), context.random);
    Bytes sharing = SharingTerms.context(drawn.account(), FIRST);
    DiskToken token = new DiskToken(context.randomBytes(DiskToken.SIZE));
    SharingTerms terms =
        new SharingTerms(
            drawn.account(),
            FIRST,
            drawn.storeId(),
            threshold,
            shares.stream().map(share -> Sharing.commitment(sharing, share)).toList(),
            context.workshop.ownRelease(context.config.image().role()),
            context.postureDigest,
            token.key(),
            new Origin(drawn.birth(), quote, collateral.digest()));
    return new Vault(drawn.rootKey(), shares, terms, token, collateral);
  }

  private void writeManifest() {
    phase = Phase.WRITING_MANIFEST;
    context.emit(new Effect.WriteManifest(false, vault().manifest(List.of(), false)));
  }

  void manifestWritten() {
    InvariantError.check(phase == Phase.WRITING_MANIFEST, "a birth writes one manifest");
    makeStore();
  }

  void manifestNotWritten(String detail) {
    retry(Setback.passing(Setback.FILE_FAILED, detail));
  }

  private void makeStore() {
    phase = Phase.MAKING_STORE;
    Draft drawn = drawn();
    NodeRecord.Facts facts =
        new NodeRecord.Facts(FIRST, FIRST, drawn.storeId(), context.postureDigest);
    try (SecretBytes seed = drawn.signingKey().seed()) {
      SecretBytes record = new NodeRecord(facts, seed, vault().shares()).toSecret();
      Effect.StoreName name =
          new Effect.StoreName(drawn.storeId(), drawn.account(), FIRST, context.postureDigest);
      context.emit(new Effect.CreateStore(name, drawn.rootKey(), record));
    }
  }

  void storeOpened(Input.StoreOpened opened) {
    opened.nodeRecord().close();
    Draft drawn = drawn();
    Identity identity = new Identity(drawn.account(), drawn.signingKey(), FIRST);
    context.setOpened(new NodeContext.Opened(identity, opened.ledger()));
    phase = Phase.DONE;
    setback = Optional.empty();
    rollback.opened(
        new RollbackCheck.Local(drawn.account(), drawn.storeId(), FIRST, opened.mark()));
    context.report(new Event.FreshStart(drawn.account()));
    context.report(new Event.StoreOpened(drawn.account(), FIRST));
  }

  void storeNotOpened(Input.StoreNotOpened failed) {
    retry(Setback.passing(Setback.STORE_FAILED, failed.fault().code() + ": " + failed.detail()));
  }

  /// Starts over at the step that failed; what was drawn stays.
  private void retry(Setback why) {
    setback = Optional.of(why);
    context.report(new Event.Failed(why));
    phase = Phase.WAITING;
    nextTry = Optional.of(backoff.next(context.now()));
  }

  void close() {
    if (phase != Phase.DONE) {
      draft.ifPresent(drawn -> {
        drawn.rootKey().close();
        drawn.signingKey().close();
      });
    }
  }

  private Draft drawn() {
    return draft.orElseThrow(() -> new InvariantError("a birth has drawn its keys"));
  }

  private Vault vault() {
    return context.vault().orElseThrow(() -> new InvariantError("a birth has its vault"));
  }
}
