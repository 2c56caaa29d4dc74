package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.EnvelopeKey;
import java.time.Instant;
import java.util.Set;

/// What a member says about itself to everybody; see [SignedRecord] for the form that proves it.
///
/// Spec: docs/spec/protocol.md#member-record
public record MemberRecord(
    AccountId account,
    EnvelopeKey envelopeKey,
    Endpoint endpoint,
    MemberLabels labels,
    Image image,
    Bytes posture,
    long instance,
    Instant issuedAt) {
  public static final int MAX_SIZE = 8 * 1024;

  private static final String TYPE = "member-record";
  private static final Set<String> MEMBERS =
      Set.of(
          "account",
          "envelopeKey",
          "endpoint",
          "labels",
          "role",
          "imageVersion",
          "posture",
          "instance",
          "issuedAt");

  public Bytes toBytes() {
    return Document.of(TYPE)
        .put("account", account.bytes())
        .put("envelopeKey", envelopeKey.encoded())
        .put("endpoint", endpoint.toString())
        .put("labels", labels.toJson())
        .put("role", image.role())
        .put("imageVersion", image.version())
        .put("posture", posture)
        .put("instance", instance)
        .put("issuedAt", issuedAt.toEpochMilli())
        .toBytes();
  }

  public static MemberRecord parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    return new MemberRecord(
        AccountId.read(object, "account"),
        EnvelopeKey.parse(object.base64Url("envelopeKey", EnvelopeKey.SIZE)),
        Endpoint.parse(object.string("endpoint")),
        MemberLabels.read(object.object("labels")),
        new Image(MemberLabels.label(object, "role"), MemberLabels.label(object, "imageVersion")),
        object.base64Url("posture", Posture.DIGEST_SIZE),
        Document.counter(object, "instance"),
        Instant.ofEpochMilli(object.integer("issuedAt", 0, Document.MAX_COUNTER)));
  }
}
