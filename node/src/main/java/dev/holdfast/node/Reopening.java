package dev.holdfast.node;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.NodeRecord;
import dev.holdfast.node.context.Vault;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.run.Witness;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// After the store was opened again: checks that it is the store that the manifest speaks of and no
/// older than its providers remember, and counts this run before anything is said in its name.
///
/// Spec: docs/spec/lifecycle.md#reopening
final class Reopening {
  private final NodeContext context;
  private final Recovery recovery;
  private final Backoff backoff;
  private final RollbackCheck rollback;
  private Optional<Ready> ready = Optional.empty();
  private boolean writing;
  private Optional<Instant> nextTry = Optional.empty();
  private Optional<Setback> setback = Optional.empty();

  private long drawn;

  private record Ready(Identity identity, LedgerView ledger) {}

  Reopening(NodeContext context, Recovery recovery, RollbackCheck rollback) {
    this.context = context;
    this.recovery = recovery;
    this.rollback = rollback;
    this.backoff = context.backoff();
  }

  void storeOpened(Input.StoreOpened opened) {
    SharingTerms terms = recovery.manifest().terms();
    try (SecretBytes bytes = opened.nodeRecord();
        NodeRecord record = NodeRecord.parse(bytes)) {
      SigningKey key = context.workshop.crypto().signingKey(record.seed());
      Optional<StoreMark> shown = recovery.shown();
      if (shown.filter(mark -> !mark.equals(opened.mark())).isPresent()) {
        key.close();
        endUnshown(shown.get(), opened.mark());
        return;
      }
      Optional<Setback> fault = fault(record, key, terms);
      if (fault.isPresent()) {
        key.close();
        recovery.later(fault.get());
        return;
      }
      long last = Math.max(record.facts().instance(), recovery.highestInstance());
      for (Witness.Signed witness : recovery.witnesses()) {
        last = Math.max(last, witness.witness().ballot().instance());
      }
      drawn = record.facts().drawn();
      Identity identity = new Identity(terms.depositor(), key, last + 1);
      ready = Optional.of(new Ready(identity, opened.ledger()));
      context.setVault(
          new Vault(
              recovery.finish(),
              record.of(terms.generation()).orElseThrow().shares().stream()
                  .map(share -> new Share(share.index(), share.value().copy()))
                  .toList(),
              terms,
              recovery.manifest().token(),
              recovery.manifest().originCollateral(),
              recovery.manifest().custody()));
      rollback.opened(
          new RollbackCheck.Local(
              terms.depositor(), terms.storeId(), record.facts().instance(), opened.mark()));
      recovery.witnesses().forEach(witness -> rollback.see(witness, Optional.empty()));
    } catch (MalformedException e) {
      recovery.later(Setback.lasting(Setback.STORE_FAILED, Setback.words(e)));
    }
  }

  private Optional<Setback> fault(NodeRecord record, SigningKey key, SharingTerms terms) {
    NodeRecord.Facts facts = record.facts();
    if (!new AccountId(key.publicKey()).equals(terms.depositor())) {
      return lasting("wrong-account: the store is of another account than the manifest");
    }
    Optional<NodeRecord.Shared> shared = record.of(terms.generation());
    if (!facts.storeId().equals(terms.storeId()) || shared.isEmpty()) {
      return lasting("the store is of another id or generation than the manifest");
    }
    if (shared.get().shares().size() != terms.threshold().n()) {
      return lasting("the store holds another number of shares than the manifest says");
    }
    return facts.posture().equals(context.postureDigest)
        ? Optional.empty()
        : Optional.of(
            Setback.of(ProblemCode.POSTURE_MISMATCH, "the store was made under another posture"));
  }

  /// Whoever swaps the disk between the request and the approvals shows the custodians one store
  /// and opens another.
  private void endUnshown(StoreMark shown, StoreMark found) {
    Setback why =
        Setback.lasting(
            Setback.ROLLED_BACK,
            "the custodians were shown a store at %s, the one that was opened is at %s"
                .formatted(shown, found));
    context.end(NodeContext.End.rolledBack(why));
    context.report(new Event.RolledBack(why));
  }

  private static Optional<Setback> lasting(String detail) {
    return Optional.of(Setback.lasting(Setback.STORE_FAILED, detail));
  }

  private void writeRecord() {
    Identity identity = ready.orElseThrow().identity();
    Vault vault = context.vault().orElseThrow();
    SharingTerms terms = vault.terms();
    NodeRecord.Facts facts =
        new NodeRecord.Facts(identity.instance(), drawn, terms.storeId(), terms.posture());
    List<NodeRecord.Shared> shared =
        List.of(new NodeRecord.Shared(terms.generation(), vault.shares()));
    try (SecretBytes seed = identity.key().seed()) {
      SecretBytes bytes = new NodeRecord(facts, seed, shared).toSecret();
      context.emit(new Effect.WriteNodeRecord(bytes));
    }
  }

  /// True while the node's own record is written here.
  boolean isCounting() {
    return writing;
  }

  /// The highest generation for which a root key was drawn.
  long drawn() {
    return drawn;
  }

  void notCounted(String detail) {
    Setback why = Setback.passing(Setback.STORE_FAILED, detail);
    writing = false;
    setback = Optional.of(why);
    nextTry = Optional.of(backoff.next(context.now()));
    context.report(new Event.Failed(why));
  }

  Optional<Setback> setback() {
    return setback;
  }

  Optional<Instant> wakeAt() {
    return nextTry;
  }

  void advance() {
    if (ready.isPresent() && !writing && (nextTry.isEmpty() || context.isDue(nextTry))) {
      nextTry = Optional.empty();
      writing = true;
      writeRecord();
    }
  }

  void counted() {
    Ready now = ready.orElseThrow(() -> new InvariantError("a run is counted once"));
    ready = Optional.empty();
    writing = false;
    setback = Optional.empty();
    context.setOpened(new NodeContext.Opened(now.identity(), now.ledger()));
    context.report(new Event.StoreOpened(now.identity().account(), now.identity().instance()));
  }
}
