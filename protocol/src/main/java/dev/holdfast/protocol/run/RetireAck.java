package dev.holdfast.protocol.run;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.SignedBody;
import java.util.Set;

/// A provider's signed word that it has durably forgotten what the retirement of this digest named.
///
/// Spec: docs/spec/protocol.md#retire
public record RetireAck(AccountId provider, Bytes retire) {
  private static final String TYPE = "retire-ack";
  private static final String BODY_TYPE = "retire-ack-body";
  private static final int MAX_BODY_SIZE = 1024;
  private static final Set<String> MEMBERS = Set.of("body", "signature");
  private static final Set<String> BODY_MEMBERS = Set.of("provider", "retire");

  public Bytes sign(Crypto crypto, SigningKey key) {
    Bytes body =
        Document.of(BODY_TYPE).put("provider", provider.bytes()).put("retire", retire).toBytes();
    return SignedBody.sign(crypto, key, Labels.RETIRE_ACK_SIGNATURE, body)
        .write(Document.of(TYPE))
        .toBytes();
  }

  /// An acknowledgement as it came: its form is checked, its signature not yet.
  public record Received(RetireAck ack, SignedBody signed) {
    public boolean isSigned(Crypto crypto) {
      return signed.holds(crypto, ack.provider, Labels.RETIRE_ACK_SIGNATURE);
    }
  }

  public static Received parse(Bytes bytes) throws MalformedException {
    JsonObject outer = Document.parse(TYPE, Limits.BODY_MAX_BYTES, bytes, MEMBERS);
    SignedBody signed = SignedBody.read(outer, MAX_BODY_SIZE);
    JsonObject object = Document.parse(BODY_TYPE, MAX_BODY_SIZE, signed.body(), BODY_MEMBERS);
    return new Received(
        new RetireAck(
            AccountId.read(object, "provider"), object.base64Url("retire", Witness.DIGEST_SIZE)),
        signed);
  }
}
