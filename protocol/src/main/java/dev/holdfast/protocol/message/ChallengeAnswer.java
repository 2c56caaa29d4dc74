package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Challenges;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import java.util.Set;

/// The answer to [ChallengeRequest]. Not signed: a false challenge only makes the next step fail.
/// `statement` is the serial of the release statement that the provider holds, 0 for none: whoever
/// has the later one gives it to the other.
public record ChallengeAnswer(AccountId provider, Bytes challenge, long statement) {
  private static final String TYPE = "challenge";
  private static final Set<String> MEMBERS = Set.of("provider", "challenge", "statement");

  public Bytes toBytes() {
    return Document.of(TYPE)
        .put("provider", provider.bytes())
        .put("challenge", challenge)
        .put("statement", statement)
        .toBytes();
  }

  public static ChallengeAnswer parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, Limits.BODY_MAX_BYTES, bytes, MEMBERS);
    return new ChallengeAnswer(
        AccountId.read(object, "provider"),
        object.base64Url("challenge", Challenges.SIZE),
        object.integer("statement", 0, Document.MAX_COUNTER));
  }
}
