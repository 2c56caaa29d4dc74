package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Challenges;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.SignedBody;
import java.util.Set;

/// `POST /v1/provider-proof`: before it hands over anything, `depositor` asks `provider` for a
/// quote over `nonce`. Signed over the provider's own challenge, so that only members cost quotes.
public record ProofRequest(
    AccountId depositor, AccountId provider, long instance, Bytes challenge, Bytes nonce) {
  public static final int NONCE_SIZE = 32;

  private static final String TYPE = "proof-request";
  private static final String BODY_TYPE = "proof-request-body";
  private static final int MAX_BODY_SIZE = 1024;
  private static final Set<String> MEMBERS = Set.of("body", "signature");
  private static final Set<String> BODY_MEMBERS =
      Set.of("depositor", "provider", "instance", "challenge", "nonce");

  public Bytes sign(Crypto crypto, SigningKey key) {
    Bytes body =
        Document.of(BODY_TYPE)
            .put("depositor", depositor.bytes())
            .put("provider", provider.bytes())
            .put("instance", instance)
            .put("challenge", challenge)
            .put("nonce", nonce)
            .toBytes();
    SignedBody signed = SignedBody.sign(crypto, key, Labels.PROOF_REQUEST_SIGNATURE, body);
    return signed.write(Document.of(TYPE)).toBytes();
  }

  /// A request as it came: its form is checked, its signature not yet.
  public record Received(ProofRequest request, SignedBody signed) {
    public boolean isSigned(Crypto crypto) {
      return signed.holds(crypto, request.depositor, Labels.PROOF_REQUEST_SIGNATURE);
    }
  }

  public static Received parse(Bytes bytes) throws MalformedException {
    JsonObject outer = Document.parse(TYPE, Limits.BODY_MAX_BYTES, bytes, MEMBERS);
    SignedBody signed = SignedBody.read(outer, MAX_BODY_SIZE);
    JsonObject object = Document.parse(BODY_TYPE, MAX_BODY_SIZE, signed.body(), BODY_MEMBERS);
    ProofRequest request =
        new ProofRequest(
            AccountId.read(object, "depositor"),
            AccountId.read(object, "provider"),
            Document.counter(object, "instance"),
            object.base64Url("challenge", Challenges.SIZE),
            object.base64Url("nonce", NONCE_SIZE));
    return new Received(request, signed);
  }
}
