package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Labels;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Challenges;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.Threshold;
import java.util.List;
import java.util.Set;

/// `POST /v1/deposit`: a sealed [DepositParcel], and the depositor's quote over all deposits of
/// this round. `entries` are sorted hashes, one a provider; the provider finds its own among them.
///
/// Spec: docs/spec/protocol.md#deposit
public record DepositRequest(
    AccountId depositor,
    AccountId provider,
    Bytes challenge,
    List<Bytes> entries,
    Bytes sealed,
    Bytes quote,
    Bytes collateralDigest) {
  public static final int ENTRY_SIZE = 32;

  private static final String TYPE = "deposit-request";
  private static final Set<String> MEMBERS =
      Set.of("depositor", "provider", "challenge", "entries", "sealed", "quote", "collateral");

  public DepositRequest {
    entries = List.copyOf(entries);
  }

  /// The envelope's `info`: who seals to whom, in answer to which challenge.
  public static Bytes info(AccountId depositor, AccountId provider, Bytes challenge) {
    return Frame.of(
        Labels.DEPOSIT_ENVELOPE, depositor.bytes(), provider.bytes(), challenge.sha256());
  }

  public Bytes toBytes() {
    return Document.of(TYPE)
        .put("depositor", depositor.bytes())
        .put("provider", provider.bytes())
        .put("challenge", challenge)
        .putAllBytes("entries", entries)
        .put("sealed", sealed)
        .put("quote", quote)
        .put("collateral", collateralDigest)
        .toBytes();
  }

  public static DepositRequest parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, Limits.EVIDENCE_BODY_MAX_BYTES, bytes, MEMBERS);
    return new DepositRequest(
        AccountId.read(object, "depositor"),
        AccountId.read(object, "provider"),
        object.base64Url("challenge", Challenges.SIZE),
        SharingTerms.readAll(object.array("entries", Threshold.MAX_N), ENTRY_SIZE),
        object.base64UrlUpTo("sealed", Limits.EVIDENCE_BODY_MAX_BYTES),
        object.base64UrlUpTo("quote", Limits.QUOTE_MAX_BYTES),
        object.base64Url("collateral", Origin.DIGEST_SIZE));
  }
}
