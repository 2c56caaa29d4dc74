package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.Frame;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What a quote is bound to: 64 bytes, SHA-512 over a frame of label, posture digest and the facts
/// that the quote vouches for.
///
/// Spec: docs/spec/protocol.md#report-data
public final class ReportData {
  public static final int SIZE = 64;

  private ReportData() {}

  /// A VM drew the root key with this commitment at this time.
  public static Bytes origin(
      Bytes posture, AccountId account, long generation, Bytes storeId, Origin.Birth birth) {
    return hash(
        Frame.of(Labels.ORIGIN)
            .add(posture)
            .add(account.bytes())
            .add(generation)
            .add(storeId)
            .add(birth.rootKeyCommitment())
            .add(birth.at().toEpochMilli()));
  }

  /// A VM stands behind the record with these exact bytes.
  public static Bytes memberRecord(Bytes posture, Bytes recordBytes) {
    return hash(Frame.of(Labels.MEMBER_RECORD).add(posture).add(recordBytes));
  }

  /// A VM with this account holds this envelope key and answers these challenges of depositors.
  public static Bytes providerProof(
      Bytes posture, AccountId provider, EnvelopeKey envelopeKey, List<Bytes> challenges) {
    Frame frame =
        Frame.of(Labels.PROVIDER_PROOF)
            .add(posture)
            .add(provider.bytes())
            .add(envelopeKey.encoded());
    return hash(frame.add(Frame.of(Labels.CHALLENGE_LIST, challenges)));
  }

  /// A VM makes the deposits that these entries stand for; see [#depositEntry].
  public static Bytes deposit(
      Bytes posture, AccountId depositor, long generation, List<Bytes> entries) {
    Frame frame = Frame.of(Labels.DEPOSIT).add(posture).add(depositor.bytes()).add(generation);
    return hash(frame.add(Frame.of(Labels.DEPOSIT_ENTRIES, entries)));
  }

  /// A VM asks for the shares of this account, to be sealed to this key, from the providers that
  /// these entries stand for; see [#recoveryEntry].
  public static Bytes recovery(
      Bytes posture,
      AccountId account,
      long generation,
      EnvelopeKey responseKey,
      List<Bytes> entries) {
    Frame frame =
        Frame.of(Labels.RECOVERY)
            .add(posture)
            .add(account.bytes())
            .add(generation)
            .add(responseKey.encoded());
    return hash(frame.add(Frame.of(Labels.RECOVERY_ENTRIES, entries)));
  }

  /// A VM asks custodians for the shares of what `terms` is the digest of, to be sealed to this key
  /// and to open the store that stands at what `mark` is the digest of.
  public static Bytes custodianRecovery(
      SharingTerms sharing, EnvelopeKey responseKey, Bytes requestId, Bytes terms, Bytes mark) {
    return hash(
        Frame.of(Labels.CUSTODIAN_RECOVERY)
            .add(sharing.posture())
            .add(sharing.depositor().bytes())
            .add(sharing.generation())
            .add(responseKey.encoded())
            .add(requestId)
            .add(terms)
            .add(mark));
  }

  /// One provider's part in a deposit quote. A hash, so that no provider learns who the others are.
  public static Bytes depositEntry(AccountId provider, Bytes challenge, Bytes depositDigest) {
    return Frame.of(Labels.DEPOSIT_ENTRY, provider.bytes(), challenge, depositDigest).sha256();
  }

  /// One provider's part in a recovery quote.
  public static Bytes recoveryEntry(AccountId provider, Bytes challenge) {
    return Frame.of(Labels.RECOVERY_ENTRY, provider.bytes(), challenge).sha256();
  }

  /// Entries in the order in which they are quoted: sorted, without doubles.
  public static List<Bytes> sorted(List<Bytes> entries) {
    return new ArrayList<>(new TreeSet<>(entries));
  }

  private static Bytes hash(Frame frame) {
    return Bytes.copyOf(Digests.sha512().digest(frame.toBytes().toArray()));
  }
}
