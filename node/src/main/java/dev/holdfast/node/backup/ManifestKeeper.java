package dev.holdfast.node.backup;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.manifest.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The manifest of one generation: what of it is on the disk, and when it is written again.
///
/// A commit whose write failed may have reached the disk all the same: it is tried until it
/// succeeds.
final class ManifestKeeper {
  private final NodeContext context;
  private final Aim aim;
  private final Backoff backoff;
  private Optional<Instant> nextWrite = Optional.empty();
  private Optional<List<Holder>> writing = Optional.empty();
  private Optional<Setback> setback = Optional.empty();
  private List<Holder> written = List.of();
  private Optional<Manifest.Former> former;
  private boolean formerWriting;
  private boolean formerWritten;
  private boolean committed;
  private boolean mayCommit;

  ManifestKeeper(NodeContext context, Aim aim) {
    this.context = context;
    this.aim = aim;
    this.backoff = context.backoff();
    this.former = aim.former();
    this.mayCommit = !aim.isSuccessor();
  }

  void resume(Manifest manifest) {
    committed = manifest.committed();
    written = manifest.holders();
    former = manifest.former();
    formerWritten = former.isPresent();
  }

  boolean isCommitted() {
    return committed;
  }

  /// Whom the manifest on the disk names.
  List<Holder> written() {
    return written;
  }

  Optional<Manifest.Former> former() {
    return former;
  }

  void forgetFormer() {
    former = Optional.empty();
  }

  void allowCommit() {
    mayCommit = true;
  }

  boolean isWriting() {
    return writing.isPresent();
  }

  Optional<Setback> setback() {
    return setback;
  }

  Optional<Instant> wakeAt() {
    return nextWrite;
  }

  /// The manifest on the disk names all of `holders`.
  boolean names(List<Holder> holders) {
    return accounts(written).containsAll(accounts(holders));
  }

  private static Set<AccountId> accounts(List<Holder> holders) {
    Set<AccountId> accounts = new TreeSet<>();
    holders.forEach(holder -> accounts.add(holder.account()));
    return accounts;
  }

  /// Writes it when it is no longer what it should be; `placed` when all receipts are in.
  void advance(List<Holder> receipts, List<Holder> holders, boolean placed) {
    if (writing.isPresent() || (nextWrite.isPresent() && !context.isDue(nextWrite))) {
      return;
    }
    if (committed || (placed && mayCommit)) {
      boolean changed = !receipts.equals(written) || former.isPresent() != formerWritten;
      boolean enough = receipts.size() >= aim.vault().terms().threshold().k();
      if (enough && (!committed || changed)) {
        write(true, receipts);
      }
    } else if (!aim.isSuccessor() && !names(holders)) {
      write(false, holders);
    }
  }

  private void write(boolean commit, List<Holder> holders) {
    nextWrite = Optional.empty();
    writing = Optional.of(holders);
    formerWriting = former.isPresent();
    Bytes bytes = aim.vault().manifest(holders, former, commit);
    context.emit(new Effect.WriteManifest(commit, bytes));
  }

  void written(boolean commit, int firm) {
    written = writing.orElseThrow(() -> new InvariantError("a manifest was being written"));
    writing = Optional.empty();
    formerWritten = formerWriting;
    setback = Optional.empty();
    backoff.reset();
    if (commit && !committed) {
      committed = true;
      context.report(new Event.ManifestCommitted(written.size(), firm));
    }
  }

  void notWritten(String detail) {
    writing = Optional.empty();
    Setback why = Setback.passing(Setback.FILE_FAILED, detail);
    setback = Optional.of(why);
    nextWrite = Optional.of(backoff.next(context.now()));
    context.report(new Event.Failed(why));
  }
}
