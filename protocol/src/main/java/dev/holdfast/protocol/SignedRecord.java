package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SigningKey;
import java.util.Set;

/// A member record with what proves it: a quote over its exact bytes, the digest of the collateral
/// to judge that with, and the account's signature. This is what a registry holds and `GET
/// /v1/record` answers.
///
/// Parsing checks the form only: neither signature nor quote.
///
/// Spec: docs/spec/protocol.md#member-record
public record SignedRecord(
    MemberRecord record, Bytes recordBytes, Bytes quote, Bytes collateralDigest, Bytes signature) {
  private static final String TYPE = "signed-member-record";
  private static final Set<String> MEMBERS = Set.of("record", "quote", "collateral", "signature");

  /// Signs `record`, whose [MemberRecord#toBytes] `quote` covers.
  public static SignedRecord sign(
      Crypto crypto, SigningKey key, MemberRecord record, Bytes quote, Bytes collateralDigest) {
    Bytes bytes = record.toBytes();
    Bytes signature = crypto.sign(key, statement(bytes));
    return new SignedRecord(record, bytes, quote, collateralDigest, signature);
  }

  /// True when the account that the record names signed its exact bytes.
  public boolean isSigned(Crypto crypto) {
    return crypto.verify(record.account().key(), statement(recordBytes), signature);
  }

  public Bytes toBytes() {
    return Document.of(TYPE)
        .put("record", recordBytes)
        .put("quote", quote)
        .put("collateral", collateralDigest)
        .put("signature", signature)
        .toBytes();
  }

  /// @throws MalformedException when it, or the record in it, does not have its form
  public static SignedRecord parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, Limits.EVIDENCE_BODY_MAX_BYTES, bytes, MEMBERS);
    Bytes recordBytes = object.base64UrlUpTo("record", MemberRecord.MAX_SIZE);
    return new SignedRecord(
        MemberRecord.parse(recordBytes),
        recordBytes,
        object.base64UrlUpTo("quote", Limits.QUOTE_MAX_BYTES),
        object.base64Url("collateral", Origin.DIGEST_SIZE),
        object.base64Url("signature", Crypto.SIGNATURE_SIZE));
  }

  private static Bytes statement(Bytes recordBytes) {
    return Frame.of(Labels.MEMBER_RECORD_SIGNATURE, recordBytes);
  }
}
