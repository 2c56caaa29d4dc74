package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Hkdf;
import dev.holdfast.crypto.Hmac;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.SignedBody;
import java.util.Set;

/// `POST /v1/possession`: `provider` is to prove that it holds the account's share of `generation`,
/// by a MAC under a key that only the share gives, over a nonce that it has not seen.
///
/// Spec: docs/spec/protocol.md#possession
public record PossessionRequest(
    AccountId account, AccountId provider, long generation, Bytes nonce) {
  public static final int NONCE_SIZE = 32;

  private static final String TYPE = "possession-request";
  private static final String BODY_TYPE = "possession-request-body";
  private static final int MAX_BODY_SIZE = 1024;
  private static final Set<String> MEMBERS = Set.of("body", "signature");
  private static final Set<String> BODY_MEMBERS =
      Set.of("account", "provider", "generation", "nonce");

  /// The two answers that show that a share is held.
  public record Answers(PossessionProof staying, PossessionProof leaving) {
    /// The one that says whether the provider is leaving.
    public PossessionProof of(boolean isLeaving) {
      return isLeaving ? leaving : staying;
    }

    public boolean contain(PossessionProof answer) {
      return answer.equals(of(answer.leaving()));
    }
  }

  /// What whoever holds `share` answers. Nobody else can say that its provider is leaving.
  public Answers answers(SecretBytes share) {
    Bytes info = Frame.of(Labels.POSSESSION_KEY).add(account.bytes()).add(generation).toBytes();
    try (SecretBytes key = Hkdf.derive(share, Bytes.EMPTY, info, Hmac.SIZE)) {
      return new Answers(proof(key, false), proof(key, true));
    }
  }

  private PossessionProof proof(SecretBytes key, boolean leaving) {
    Bytes proved =
        Frame.of(Labels.POSSESSION_PROOF)
            .add(provider.bytes())
            .add(nonce)
            .add(leaving ? 1 : 0)
            .toBytes();
    return new PossessionProof(Hmac.sha256(key, proved), leaving);
  }

  public Bytes sign(Crypto crypto, SigningKey key) {
    Bytes body =
        Document.of(BODY_TYPE)
            .put("account", account.bytes())
            .put("provider", provider.bytes())
            .put("generation", generation)
            .put("nonce", nonce)
            .toBytes();
    return SignedBody.sign(crypto, key, Labels.POSSESSION_SIGNATURE, body)
        .write(Document.of(TYPE))
        .toBytes();
  }

  /// A request as it came: its form is checked, its signature not yet.
  public record Received(PossessionRequest request, SignedBody signed) {
    public boolean isSigned(Crypto crypto) {
      return signed.holds(crypto, request.account, Labels.POSSESSION_SIGNATURE);
    }
  }

  public static Received parse(Bytes bytes) throws MalformedException {
    JsonObject outer = Document.parse(TYPE, Limits.BODY_MAX_BYTES, bytes, MEMBERS);
    SignedBody signed = SignedBody.read(outer, MAX_BODY_SIZE);
    JsonObject object = Document.parse(BODY_TYPE, MAX_BODY_SIZE, signed.body(), BODY_MEMBERS);
    return new Received(
        new PossessionRequest(
            AccountId.read(object, "account"),
            AccountId.read(object, "provider"),
            Document.counter(object, "generation"),
            object.base64Url("nonce", NONCE_SIZE)),
        signed);
  }
}
