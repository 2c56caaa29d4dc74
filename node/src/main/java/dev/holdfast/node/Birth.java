package dev.holdfast.node;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NewKey;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.NodeRecord;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.context.Vault;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.SharingTerms;
import java.time.Instant;
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
  private record Draft(SigningKey signingKey, NewKey key) {}

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
    Draft drawn =
        draft
            .map(earlier -> new Draft(earlier.signingKey(), earlier.key().again(context)))
            .orElseGet(this::draw);
    draft = Optional.of(drawn);
    Collateral collateral = context.collateral().get();
    quotes.askJudged(drawn.key().reportData(context), result -> quoted(result, collateral));
  }

  private Draft draw() {
    SigningKey key = context.workshop.crypto().generateSigningKey();
    AccountId account = new AccountId(key.publicKey());
    Bytes storeId = context.randomBytes(SharingTerms.STORE_ID_SIZE);
    return new Draft(key, NewKey.draw(context, account, storeId, FIRST));
  }

  private void quoted(Quotes.Result result, Collateral collateral) {
    switch (result) {
      case Quotes.Result.Judged judged -> {
        context.setVault(drawn().key().shared(context, judged.quote(), collateral));
        writeManifest();
      }
      case Quotes.Result.Failed failed -> retry(failed.setback());
      case Quotes.Result.Made _ -> throw new InvariantError("an origin quote is judged");
    }
  }

  private void writeManifest() {
    phase = Phase.WRITING_MANIFEST;
    context.emit(
        new Effect.WriteManifest(false, vault().manifest(List.of(), Optional.empty(), false)));
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
    NewKey key = drawn().key();
    NodeRecord.Facts facts =
        new NodeRecord.Facts(FIRST, FIRST, key.storeId(), context.postureDigest);
    List<NodeRecord.Shared> shared = List.of(new NodeRecord.Shared(FIRST, vault().shares()));
    try (SecretBytes seed = drawn().signingKey().seed()) {
      SecretBytes record = new NodeRecord(facts, seed, shared).toSecret();
      Effect.StoreName name =
          new Effect.StoreName(key.storeId(), key.account(), FIRST, context.postureDigest);
      context.emit(new Effect.CreateStore(name, key.rootKey(), record));
    }
  }

  void storeOpened(Input.StoreOpened opened) {
    opened.nodeRecord().close();
    Draft drawn = drawn();
    AccountId account = drawn.key().account();
    Identity identity = new Identity(account, drawn.signingKey(), FIRST);
    context.setOpened(new NodeContext.Opened(identity, opened.ledger()));
    phase = Phase.DONE;
    setback = Optional.empty();
    rollback.opened(new RollbackCheck.Local(account, drawn.key().storeId(), FIRST, opened.mark()));
    context.report(new Event.FreshStart(account));
    context.report(new Event.StoreOpened(account, FIRST));
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
        drawn.key().rootKey().close();
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
