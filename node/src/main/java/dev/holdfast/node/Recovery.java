package dev.holdfast.node;

import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.context.Roster;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.CustodyStatus;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.model.Task;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.run.Witness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Gets the root key back, from the providers of the manifest or from the custodians, whichever
/// have given enough shares first, and opens the store with it. Never gives up and never starts
/// fresh.
///
/// Spec: docs/spec/lifecycle.md#recovery
final class Recovery {
  private final NodeContext context;
  private final Manifest.Received manifest;
  private final EnvelopeKeys responseKeys;
  private final Gathering providers;
  private final Optional<CustodyPath> custody;
  private final Backoff backoff;
  private final Instant startedAt;
  private boolean abandoned;
  private boolean closed;
  private boolean unlocking;

  /// What the custodians were shown who are opening it; empty when the providers are.
  private Optional<StoreMark> shown = Optional.empty();

  private boolean done;
  private Optional<SecretBytes> key = Optional.empty();
  private Optional<Instant> nextUnlock = Optional.empty();
  private Optional<Setback> setback = Optional.empty();

  Recovery(NodeContext context, Quotes quotes, Roster roster, Manifest.Received manifest) {
    this.context = context;
    this.manifest = manifest;
    this.responseKeys = context.workshop.crypto().generateEnvelopeKeys();
    this.backoff = context.backoff();
    this.startedAt = context.now();
    this.custody =
        manifest
            .manifest()
            .custody()
            .map(shares ->
                new CustodyPath(
                    context, quotes, storeName(), manifest.manifest(), shares, responseKeys));
    this.providers = new Gathering(context, quotes, roster, manifest.manifest(), responseKeys);
  }

  Manifest manifest() {
    return manifest.manifest();
  }

  boolean isDone() {
    return done;
  }

  Optional<Setback> setback() {
    return setback.or(providers::setback);
  }

  List<ProviderStatus> statuses() {
    return providers.statuses();
  }

  int shares() {
    return providers.shares();
  }

  /// How far the custodians are, if it has any.
  Optional<CustodyStatus> custody() {
    return custody.map(CustodyPath::status);
  }

  /// Who gave its share in this run.
  List<AccountId> released() {
    return providers.released();
  }

  /// What those who gave their share remember of the store.
  List<Witness.Signed> witnesses() {
    return providers.witnesses();
  }

  /// The highest instance of which a provider that gave its share knows.
  long highestInstance() {
    return providers.highestInstance();
  }

  /// True when the manifest was never committed, so that no user ever wrote, and so many providers
  /// signed that they hold nothing that fewer than k can have a share: the key is gone for good.
  boolean isHopeless() {
    return !manifest.manifest().committed() && !done && !abandoned && providers.isHopeless();
  }

  private SharingTerms terms() {
    return manifest.manifest().terms();
  }

  private boolean haveEnough() {
    return providers.haveEnough() || custody.filter(CustodyPath::haveEnough).isPresent();
  }

  void advance() {
    if (done || abandoned || unlocking || context.collateral().isEmpty()) {
      return;
    }
    custody.ifPresent(CustodyPath::advance);
    if (haveEnough()) {
      if (nextUnlock.isEmpty() || context.isDue(nextUnlock)) {
        unlock();
      }
      return;
    }
    providers.advance();
  }

  Optional<Instant> wakeAt() {
    if (done || abandoned || unlocking || context.collateral().isEmpty()) {
      return Optional.empty();
    }
    return haveEnough() ? nextUnlock : providers.wakeAt();
  }

  private void unlock() {
    unlocking = true;
    Task.Unlock task;
    if (providers.haveEnough()) {
      shown = Optional.empty();
      task = new Task.Unlock(manifest, Task.Sharers.PROVIDERS, providers.enough());
    } else {
      CustodyPath custodians = custody.orElseThrow();
      shown = custodians.shown();
      task = new Task.Unlock(manifest, Task.Sharers.CUSTODIANS, custodians.enough());
    }
    context.emit(new Effect.Perform(task));
  }

  void unlocked(SecretBytes rootKey) {
    if (shown.isPresent()) {
      context.report(new Event.OpenedByCustodians(custody.orElseThrow().enough().size()));
    } else {
      context.report(
          new Event.Unlocked(
              terms().threshold().k(), Duration.between(startedAt, context.now()).toMillis()));
    }
    key = Optional.of(rootKey);
    openStore();
  }

  private void openStore() {
    context.emit(new Effect.OpenStore(storeName(), key.orElseThrow()));
  }

  private Effect.StoreName storeName() {
    return new Effect.StoreName(
        terms().storeId(), terms().depositor(), terms().generation(), context.postureDigest);
  }

  void unlockFailed(Setback why) {
    if (shown.isPresent()) {
      custody.ifPresent(CustodyPath::drop);
    }
    later(why);
  }

  void storeNotOpened(Input.StoreNotOpened failed) {
    later(
        new Setback(
            Setback.STORE_FAILED,
            failed.fault().code() + ": " + failed.detail(),
            failed.fault().retryable()));
  }

  /// The whole unlocking again, after a pause.
  void later(Setback why) {
    unlocking = false;
    key.ifPresent(SecretBytes::close);
    key = Optional.empty();
    setback = Optional.of(why);
    nextUnlock = Optional.of(backoff.next(context.now()));
    context.report(new Event.Failed(why));
  }

  /// The store is open: hands the root key over to the vault of the running node.
  SecretBytes finish() {
    done = true;
    providers.stop();
    setback = Optional.empty();
    SecretBytes rootKey = key.orElseThrow();
    key = Optional.empty();
    return rootKey;
  }

  /// Gives up on a key that is gone; see [#isHopeless].
  void abandon() {
    abandoned = true;
    close();
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /// Erases everything that no answer under way still needs.
  void close() {
    providers.close();
    custody.ifPresent(CustodyPath::close);
    key.ifPresent(SecretBytes::close);
    closed = true;
    closeKeys();
  }

  private void closeKeys() {
    if (closed && !providers.isBusy() && custody.filter(CustodyPath::isOpening).isEmpty()) {
      responseKeys.close();
    }
  }

  /// Takes an answer to one of this recovery's calls.
  void answered(Call call, Reply reply) {
    providers.answered(call, reply);
    closeKeys();
  }

  /// An answer that came too late to be used; a lie is named all the same.
  void tooLate(Call.AskRelease ask, Reply reply) {
    providers.tooLate(ask, reply);
    closeKeys();
  }

  /// The owner wants a request to the custodians.
  void askCustodians() {
    custody.ifPresent(CustodyPath::ask);
  }

  /// While the store is being opened nothing changes of what its custodians were shown.
  void storePeeked(StoreMark mark) {
    if (unlocking || done) {
      custody.orElseThrow().notPeeked("the store is being opened");
    } else {
      custody.orElseThrow().peeked(mark);
    }
  }

  void storeNotPeeked(String detail) {
    custody.orElseThrow().notPeeked(detail);
  }

  /// The store that the custodians were shown, when it was they who opened it: no other may be.
  Optional<StoreMark> shown() {
    return shown;
  }

  void approvalBrought(CustodyApproval approval) {
    if (!closed) {
      custody.ifPresent(path -> path.brought(approval));
    }
  }

  void approvalJudged(Input.ApprovalJudged judged) {
    custody.orElseThrow().judged(judged);
    closeKeys();
  }
}
