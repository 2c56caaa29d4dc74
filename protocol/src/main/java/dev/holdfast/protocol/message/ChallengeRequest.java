package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import java.util.Set;

/// `POST /v1/challenge`: `account` asks `provider` for a challenge.
public record ChallengeRequest(AccountId account, AccountId provider) {
  private static final String TYPE = "challenge-request";
  private static final Set<String> MEMBERS = Set.of("account", "provider");

  public Bytes toBytes() {
    return Document.of(TYPE)
        .put("account", account.bytes())
        .put("provider", provider.bytes())
        .toBytes();
  }

  public static ChallengeRequest parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, Limits.BODY_MAX_BYTES, bytes, MEMBERS);
    return new ChallengeRequest(
        AccountId.read(object, "account"), AccountId.read(object, "provider"));
  }
}
