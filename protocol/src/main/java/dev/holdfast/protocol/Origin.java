package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Hmac;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import java.time.Instant;
import java.util.Set;

/// Evidence that a genuine VM drew a generation's root key: what it drew and when, its quote over
/// that, and the digest of the collateral of that time.
///
/// Spec: docs/spec/protocol.md#origin
public record Origin(Birth birth, Bytes quote, Bytes collateralDigest) {
  public static final int COMMITMENT_SIZE = 32;
  public static final int DIGEST_SIZE = 32;

  private static final Set<String> MEMBERS =
      Set.of("rootKeyCommitment", "at", "quote", "collateral");

  /// What was drawn, and when, in whole milliseconds.
  public record Birth(Bytes rootKeyCommitment, Instant at) {}

  /// The commitment of the root key of one store: its MAC over account and store id. Says nothing
  /// about the key, which is random.
  public static Bytes commitment(SecretBytes rootKey, AccountId account, Bytes storeId) {
    return Hmac.sha256(rootKey, Frame.of(Labels.ROOT_KEY_COMMITMENT, account.bytes(), storeId));
  }

  public JsonWriter toJson() {
    return JsonWriter.object()
        .put("rootKeyCommitment", birth.rootKeyCommitment())
        .put("at", birth.at().toEpochMilli())
        .put("quote", quote)
        .put("collateral", collateralDigest);
  }

  public static Origin read(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    Birth birth =
        new Birth(
            object.base64Url("rootKeyCommitment", COMMITMENT_SIZE),
            Instant.ofEpochMilli(object.integer("at", 0, Document.MAX_COUNTER)));
    return new Origin(
        birth,
        object.base64UrlUpTo("quote", Limits.QUOTE_MAX_BYTES),
        object.base64Url("collateral", DIGEST_SIZE));
  }
}
