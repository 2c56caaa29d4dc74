package dev.holdfast.node.model;

import dev.holdfast.attestation.Claims;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.SignedRecord;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.RecoveryRequest;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.Retire;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.run.Witness;
import dev.holdfast.protocol.statement.SignedStatement;
import java.util.List;
import java.util.Optional;

/// Facts. The first group comes from the runner, the second from the gate (requests of peers,
/// already verified), the third from the workshop.
public sealed interface Input {
  // From the runner.

  /// The first input: what is on the disk. `storePresent` when the store's folder has anything in
  /// it.
  record Started(Optional<Bytes> manifest, Optional<Bytes> pending, boolean storePresent)
      implements Input {}

  /// `Node.wakeAt` has come.
  record Tick() implements Input {}

  /// Collateral for this platform was obtained, first or anew.
  record CollateralObtained(Collateral collateral) implements Input {}

  record QuoteMade(QuoteTicket ticket, Bytes quote) implements Input {}

  record QuoteFailed(QuoteTicket ticket, String detail) implements Input {}

  /// The registry's present view, whole: the bytes of one [SignedRecord] each.
  record MembersSeen(List<Bytes> records) implements Input {
    public MembersSeen {
      records = List.copyOf(records);
    }
  }

  record MembersUnavailable(String detail) implements Input {}

  record RecordPublished() implements Input {}

  record RecordNotPublished(String detail) implements Input {}

  /// Answers [Effect.CreateStore] and [Effect.OpenStore]. `nodeRecord` is what the store holds
  /// under [Effect#NODE_RECORD]; the node closes it. `statement` is what it holds under
  /// [Effect#STATEMENT]; `mark` is how it stood when it was opened.
  record StoreOpened(
      SecretBytes nodeRecord, Optional<Bytes> statement, LedgerView ledger, StoreMark mark)
      implements Input {}

  record StoreNotOpened(StoreFault fault, String detail) implements Input {}

  /// What the disk says of the locked store; believed by nobody before the key is there.
  record StorePeeked(StoreMark mark) implements Input {}

  record StoreNotPeeked(String detail) implements Input {}

  record NodeRecordWritten() implements Input {}

  record NodeRecordNotWritten(String detail) implements Input {}

  /// Users have written to the store since the last [MarkRead].
  record StoreChanged() implements Input {}

  record MarkRead(StoreMark mark) implements Input {}

  record MarkNotRead(String detail) implements Input {}

  record StatementWritten() implements Input {}

  record StatementNotWritten(String detail) implements Input {}

  record WrapsSet() implements Input {}

  record WrapsNotSet(String detail) implements Input {}

  record ManifestWritten(boolean committed) implements Input {}

  record ManifestNotWritten(boolean committed, String detail) implements Input {}

  record SetAside() implements Input {}

  record NotSetAside(String detail) implements Input {}

  record LedgerWritten(ExchangeId exchange) implements Input {}

  /// The entry was no longer the expected one; nothing was written.
  record LedgerConflict(ExchangeId exchange) implements Input {}

  record LedgerFailed(ExchangeId exchange, String detail) implements Input {}

  record LogAppended() implements Input {}

  record LogNotAppended(String detail) implements Input {}

  /// The owner brought a statement that the store may go on although it went back.
  record RollbackAcceptanceGiven(SignedStatement statement) implements Input {}

  /// The owner wants a request to the custodians, with a fresh quote.
  record CustodyRequested() implements Input {}

  /// The owner brought what a custodian answered.
  record CustodyApproved(CustodyApproval approval) implements Input {}

  /// The owner wants a new root key, shared anew.
  record RotationRequested() implements Input {}

  /// The owner wants to know whether a recovery would succeed now.
  record DrillRequested() implements Input {}

  /// The owner is going to stop this node for good: others are to take their shares elsewhere.
  record LeaveRequested() implements Input {}

  record StopRequested() implements Input {}

  // From the gate.

  /// A member proved by signature over our challenge that it is alive and wants our proof.
  record ProofAsked(ExchangeId exchange, AccountId depositor, Bytes nonce) implements Input {}

  /// A deposit that passed every check, and how the ledger is to change for it. The node closes
  /// both.
  record DepositOffered(ExchangeId exchange, DepositParcel parcel, List<Effect.Change> changes)
      implements Input {
    public DepositOffered {
      changes = List.copyOf(changes);
    }
  }

  /// The very deposit that the ledger holds was offered again.
  record DepositRepeated(ExchangeId exchange, DepositParcel parcel) implements Input {}

  /// A release that passed every check but the rates.
  record ReleaseAsked(
      ExchangeId exchange,
      RecoveryRequest request,
      List<Bytes> platforms,
      Answer.ShareReleased answer)
      implements Input {}

  /// A claim that its account signed and that no held one beats; `held` is the ledger's entry.
  record ClaimAsked(ExchangeId exchange, Claim.Signed claim, Optional<Bytes> held)
      implements Input {}

  /// A witness that its account signed and that is later than the held one.
  record WitnessOffered(ExchangeId exchange, Witness.Signed witness, Optional<Bytes> held)
      implements Input {}

  /// A retirement by the run that has claimed the account, and how the ledger is to change for it.
  /// The node closes the changes.
  record RetireAsked(ExchangeId exchange, Retire.Signed retire, List<Effect.Change> changes)
      implements Input {
    public RetireAsked {
      changes = List.copyOf(changes);
    }
  }

  /// The gate refused something that is worth counting and reporting.
  sealed interface GateRefused extends Input {
    record OfDeposit(AccountId depositor, ProblemCode code) implements GateRefused {}

    record OfRelease(AccountId account, ProblemCode code) implements GateRefused {}

    record OfFork(AccountId account) implements GateRefused {}
  }

  // From the workshop.

  record PeerAnswered(Call call, Reply reply) implements Input {}

  /// `record` is the digest of the bytes that were judged.
  record MemberJudged(Bytes record, Judgement judgement) implements Input {}

  /// What became of one record of the registry.
  sealed interface Judgement {
    record Verified(SignedRecord record, Claims claims) implements Judgement {}

    /// Signed by its account, and its evidence not accepted: known, trusted with nothing.
    record Doubtful(SignedRecord record, Setback setback) implements Judgement {}

    record Worthless(String account, Setback setback) implements Judgement {}
  }

  record OwnQuoteJudged(QuoteTicket ticket, Bytes quote, Claims claims) implements Input {}

  record OwnQuoteRefused(QuoteTicket ticket, Setback setback) implements Input {}

  /// What became of a custodian's approval.
  sealed interface ApprovalJudged extends Input {
    CustodyApproval approval();

    /// The node closes `share`.
    record Accepted(CustodyApproval approval, Share share) implements ApprovalJudged {}

    record Refused(CustodyApproval approval, Setback setback) implements ApprovalJudged {}
  }

  /// The node closes `rootKey`.
  record Unlocked(SecretBytes rootKey) implements Input {}

  record UnlockFailed(Setback setback) implements Input {}
}
