package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import java.util.Set;

/// The answer to [RecoveryRequest]: a [ReleaseParcel] sealed to the response key.
public record ReleaseAnswer(Bytes sealed) {
  private static final String TYPE = "release-answer";
  private static final Set<String> MEMBERS = Set.of("sealed");

  public Bytes toBytes() {
    return Document.of(TYPE).put("sealed", sealed).toBytes();
  }

  public static ReleaseAnswer parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, Limits.BODY_MAX_BYTES, bytes, MEMBERS);
    return new ReleaseAnswer(object.base64UrlUpTo("sealed", Limits.BODY_MAX_BYTES));
  }
}
