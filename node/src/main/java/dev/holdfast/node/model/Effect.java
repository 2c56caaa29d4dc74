package dev.holdfast.node.model;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.log.LogFact;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Commands to the runner; `Node` says how each is executed and which input answers it.
public sealed interface Effect {
  /// The name in the store's NODE space under which the node's own record lies.
  String NODE_RECORD = "node";

  /// Beside it, the latest release statement.
  String STATEMENT = "statement";

  /// Let the waiting exchange go on with `answer`. No input.
  record Respond(ExchangeId exchange, Answer answer) implements Effect {}

  /// Answered with what `Workshop.perform` gives.
  record Perform(Task task) implements Effect {}

  /// Answered with what `Workshop.judge` gives. `deadline` is for each HTTP request of it.
  record Send(Call call, Duration deadline) implements Effect {}

  /// 64 bytes of report data. Answered with [Input.QuoteMade] or [Input.QuoteFailed].
  record MakeQuote(QuoteTicket ticket, Bytes reportData) implements Effect {}

  /// Write `manifest.json` (then remove a pending one) or `manifest.pending.json`: temporary file,
  /// fsync, rename, fsync of the folder. Answered with [Input.ManifestWritten] or
  /// [Input.ManifestNotWritten].
  record WriteManifest(boolean committed, Bytes bytes) implements Effect {}

  /// Rename `manifest.pending.json` and, if it is there, the store's folder to names that nothing
  /// else uses. Answered with [Input.SetAside] or [Input.NotSetAside].
  record SetPendingAside() implements Effect {}

  /// Make the store and put `nodeRecord` into it, in its first batch. The runner closes
  /// `nodeRecord`; `rootKey` stays the node's, the store copies what it needs. Answered with
  /// [Input.StoreOpened] or [Input.StoreNotOpened].
  record CreateStore(StoreName store, SecretBytes rootKey, SecretBytes nodeRecord)
      implements Effect {}

  /// Answered as [CreateStore].
  record OpenStore(StoreName store, SecretBytes rootKey) implements Effect {}

  /// How the store stands while it is locked, as far as that can be read without its key. Answered
  /// with [Input.StorePeeked] or [Input.StoreNotPeeked].
  record PeekStore(StoreName store) implements Effect {}

  /// Which store: whose, which, and the generation of its root key.
  record StoreName(Bytes storeId, AccountId account, long generation, Bytes posture) {}

  /// Replace the node's own record in the store; the runner closes `nodeRecord`. Answered with
  /// [Input.NodeRecordWritten] or [Input.NodeRecordNotWritten].
  record WriteNodeRecord(SecretBytes nodeRecord) implements Effect {}

  /// Replace the release statement in the store. Answered with [Input.StatementWritten] or
  /// [Input.StatementNotWritten].
  record WriteStatement(Bytes statement) implements Effect {}

  /// Change what the ledger has of `account`, all or nothing, durably, if it still is as expected.
  /// The runner closes the changes. Answered with [Input.LedgerWritten], [Input.LedgerConflict] or
  /// [Input.LedgerFailed].
  record WriteLedger(ExchangeId exchange, AccountId account, List<Change> changes)
      implements Effect {
    public WriteLedger {
      changes = List.copyOf(changes);
    }
  }

  /// Put `facts` behind the release log and sign up to the last of them, durably. Answered with
  /// [Input.LogAppended] or [Input.LogNotAppended]; one at a time.
  record AppendLog(Identity identity, List<LogFact> facts) implements Effect {
    public AppendLog {
      facts = List.copyOf(facts);
    }
  }

  /// One entry of the ledger: as it must still be, and what becomes of it. Owns the secrets.
  sealed interface Change extends AutoCloseable {
    LedgerEntry entry();

    Optional<SecretBytes> expected();

    @Override
    default void close() {
      expected().ifPresent(SecretBytes::close);
    }

    record Put(LedgerEntry entry, Optional<SecretBytes> expected, SecretBytes next)
        implements Change {
      @Override
      public void close() {
        Change.super.close();
        next.close();
      }
    }

    record Delete(LedgerEntry entry, Optional<SecretBytes> expected) implements Change {}

    record Keep(LedgerEntry entry, Optional<SecretBytes> expected) implements Change {}
  }

  /// The store is to open with the root key of generation `keep`, and of `next` where one is given,
  /// and with no other. The key stays the node's. Answered with [Input.WrapsSet] or
  /// [Input.WrapsNotSet].
  record SetWraps(long keep, Optional<NextKey> next) implements Effect {}

  /// The root key of a generation that the store does not open with yet.
  record NextKey(long generation, SecretBytes rootKey) {}

  /// How the store stands now, after everything that was acknowledged. Answered with
  /// [Input.MarkRead] or [Input.MarkNotRead].
  record ReadMark() implements Effect {}

  /// Answered with [Input.RecordPublished] or [Input.RecordNotPublished].
  record PublishRecord(AccountId account, Endpoint endpoint, Bytes record) implements Effect {}

  /// Take the node's record out of the registry. No input: nobody waits for it, and a record that
  /// stays does no harm.
  record WithdrawRecord(AccountId account) implements Effect {}

  /// No input.
  record Report(Event event) implements Effect {}

  /// The last effect: close the store, end the loop, then `Node.close`. No input.
  record Finish() implements Effect {}
}
