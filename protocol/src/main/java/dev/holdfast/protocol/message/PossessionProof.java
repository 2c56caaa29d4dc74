package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Hmac;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import java.util.Set;

/// The answer to a [PossessionRequest]: `mac` as [PossessionRequest#answers] gives it. `leaving`:
/// the provider is to stop for good, and asks that the share be placed elsewhere.
///
/// Spec: docs/spec/protocol.md#possession
public record PossessionProof(Bytes mac, boolean leaving) {
  private static final String TYPE = "possession-proof";
  private static final Set<String> MEMBERS = Set.of("mac", "leaving");

  public Bytes toBytes() {
    return Document.of(TYPE).put("mac", mac).put("leaving", leaving).toBytes();
  }

  public static PossessionProof parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, Limits.BODY_MAX_BYTES, bytes, MEMBERS);
    return new PossessionProof(object.base64Url("mac", Hmac.SIZE), object.bool("leaving"));
  }
}
