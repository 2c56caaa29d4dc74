package dev.holdfast.node.work;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.model.Effect.Change;
import dev.holdfast.node.model.LedgerEntry;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.message.Deposit;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.run.RunRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything that the ledger has of one account at one time. Owns the secrets; what is handed out
/// are copies.
record Holding(Optional<SecretBytes> deposit, Optional<SecretBytes> pending, Optional<Bytes> runs)
    implements AutoCloseable {
  static Holding read(LedgerView ledger, AccountId account) throws IOException {
    return new Holding(ledger.find(account), ledger.pending(account), ledger.runs(account));
  }

  /// A deposit is held, or was until its generation was retired: the account is known here.
  boolean isKnown() {
    return !isEmpty() || retired() > 0;
  }

  boolean isEmpty() {
    return deposit.isEmpty() && pending.isEmpty();
  }

  long retired() {
    return record().retired();
  }

  RunRecord record() {
    return RunRecord.ofLedger(runs);
  }

  /// The very parcel is here already.
  boolean has(SecretBytes parcel) {
    return deposit.filter(parcel::sameAs).isPresent() || pending.filter(parcel::sameAs).isPresent();
  }

  /// The parcel of `generation`, which the caller closes.
  Optional<DepositParcel> parcel(long generation) {
    return deposit
        .filter(held -> generation(held) == generation)
        .or(() -> pending.filter(held -> generation(held) == generation))
        .map(Holding::parse);
  }

  /// The deposit that is not pending is of `generation`.
  boolean isOf(long generation) {
    return deposit.filter(held -> generation(held) == generation).isPresent();
  }

  /// Any parcel, the one that is not pending first; the caller closes it.
  Optional<DepositParcel> anyParcel() {
    return deposit.or(() -> pending).map(Holding::parse);
  }

  /// How the ledger changes when `next`, which is a successor of what is held, is taken.
  List<Change> taking(SecretBytes next, long generation) {
    boolean beside = deposit.isPresent() && !isOf(generation);
    Change keep = new Change.Keep(LedgerEntry.RUNS, secret(runs));
    return beside
        ? List.of(
            new Change.Put(LedgerEntry.PENDING, copy(pending), next),
            new Change.Keep(LedgerEntry.DEPOSIT, copy(deposit)),
            keep)
        : List.of(new Change.Put(LedgerEntry.DEPOSIT, copy(deposit), next), keep);
  }

  /// How the ledger changes when everything below `generation` is forgotten; empty when there is
  /// nothing to forget and that was said before.
  List<Change> retiring(long generation) {
    List<Change> changes = new ArrayList<>();
    boolean deposited = deposit.filter(held -> generation(held) < generation).isPresent();
    boolean current = pending.filter(held -> generation(held) == generation).isPresent();
    boolean stale = pending.filter(held -> generation(held) < generation).isPresent();
    if (deposited) {
      changes.add(
          current
              ? new Change.Put(LedgerEntry.DEPOSIT, copy(deposit), pending.get().copy())
              : new Change.Delete(LedgerEntry.DEPOSIT, copy(deposit)));
    }
    if (stale || (deposited && current)) {
      changes.add(new Change.Delete(LedgerEntry.PENDING, copy(pending)));
    }
    RunRecord next = record().withRetired(generation);
    if (!next.equals(record())) {
      changes.add(
          new Change.Put(
              LedgerEntry.RUNS, secret(runs), SecretBytes.take(next.toBytes().toArray())));
    }
    return changes;
  }

  static Deposit describe(SecretBytes held) {
    try (DepositParcel parcel = parse(held)) {
      return parcel.deposit();
    }
  }

  private static long generation(SecretBytes held) {
    return describe(held).terms().generation();
  }

  private static DepositParcel parse(SecretBytes held) {
    try {
      return DepositParcel.parse(held);
    } catch (MalformedException e) {
      throw new InvariantError("the ledger holds what was accepted", e);
    }
  }

  private static Optional<SecretBytes> copy(Optional<SecretBytes> held) {
    return held.map(SecretBytes::copy);
  }

  private static Optional<SecretBytes> secret(Optional<Bytes> plain) {
    return plain.map(bytes -> SecretBytes.take(bytes.toArray()));
  }

  @Override
  public void close() {
    deposit.ifPresent(SecretBytes::close);
    pending.ifPresent(SecretBytes::close);
  }
}
