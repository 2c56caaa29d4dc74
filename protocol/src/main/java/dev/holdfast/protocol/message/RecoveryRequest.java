package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.Labels;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Challenges;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.Threshold;
import java.util.List;
import java.util.Set;

/// `POST /v1/recover`: a restarted VM asks one provider for the share of `account`, to be sealed to
/// `responseKey`. Not signed: the account's key is what it does not have yet. `entries` as in
/// [DepositRequest].
///
/// Spec: docs/spec/protocol.md#recovery
public record RecoveryRequest(Asked asked, Bytes tokenProof, Bytes quote, Bytes collateralDigest) {
  private static final String TYPE = "recovery-request";
  private static final Set<String> MEMBERS =
      Set.of(
          "account",
          "provider",
          "generation",
          "posture",
          "responseKey",
          "challenge",
          "entries",
          "tokenProof",
          "quote",
          "collateral");

  /// What is asked of whom, before it is proved.
  public record Asked(
      AccountId account,
      AccountId provider,
      long generation,
      Bytes posture,
      EnvelopeKey responseKey,
      Bytes challenge,
      List<Bytes> entries) {
    public Asked {
      entries = List.copyOf(entries);
    }

    /// What the quote must be bound to.
    public Bytes reportData() {
      return ReportData.recovery(posture, account, generation, responseKey, entries);
    }

    /// True when the quote's entries cover this provider's challenge.
    public boolean isCovered() {
      return entries.contains(ReportData.recoveryEntry(provider, challenge));
    }
  }

  /// The `info` of the answer's envelope: who seals to whom, in answer to which request.
  public static Bytes answerInfo(AccountId provider, AccountId account, Bytes requestBytes) {
    return Frame.of(
        Labels.RELEASE_ENVELOPE, provider.bytes(), account.bytes(), requestBytes.sha256());
  }

  public Bytes toBytes() {
    return Document.of(TYPE)
        .put("account", asked.account().bytes())
        .put("provider", asked.provider().bytes())
        .put("generation", asked.generation())
        .put("posture", asked.posture())
        .put("responseKey", asked.responseKey().encoded())
        .put("challenge", asked.challenge())
        .putAllBytes("entries", asked.entries())
        .put("tokenProof", tokenProof)
        .put("quote", quote)
        .put("collateral", collateralDigest)
        .toBytes();
  }

  public static RecoveryRequest parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, Limits.EVIDENCE_BODY_MAX_BYTES, bytes, MEMBERS);
    Asked asked =
        new Asked(
            AccountId.read(object, "account"),
            AccountId.read(object, "provider"),
            Document.counter(object, "generation"),
            object.base64Url("posture", Posture.DIGEST_SIZE),
            EnvelopeKey.parse(object.base64Url("responseKey", EnvelopeKey.SIZE)),
            object.base64Url("challenge", Challenges.SIZE),
            SharingTerms.readAll(
                object.array("entries", Threshold.MAX_N), DepositRequest.ENTRY_SIZE));
    return new RecoveryRequest(
        asked,
        object.base64Url("tokenProof", DiskToken.PROOF_SIZE),
        object.base64UrlUpTo("quote", Limits.QUOTE_MAX_BYTES),
        object.base64Url("collateral", Origin.DIGEST_SIZE));
  }
}
