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

/// `POST /v1/claim`: a run says to `provider` that it is the one that speaks for `account`, or,
/// when `resigned`, that it no longer does. Signed by the account, so that a claim which somebody
/// else shows is proof that the run exists.
///
/// - `generation`: of the deposit that the run relies on.
/// - `nonce`: 16 bytes, so that an answer is to this very claim.
///
/// Spec: docs/spec/protocol.md#claims
public record Claim(
    AccountId account,
    AccountId provider,
    long generation,
    Ballot ballot,
    Bytes nonce,
    boolean resigned) {
  public static final int NONCE_SIZE = 16;
  public static final int MAX_BODY_SIZE = 1024;

  private static final String TYPE = "claim";
  private static final String BODY_TYPE = "claim-body";
  private static final Set<String> MEMBERS = Set.of("body", "signature");
  private static final Set<String> BODY_MEMBERS =
      Set.of("account", "provider", "generation", "instance", "run", "nonce", "resigned");

  public SignedBody sign(Crypto crypto, SigningKey key) {
    Bytes body =
        ballot
            .write(
                Document.of(BODY_TYPE)
                    .put("account", account.bytes())
                    .put("provider", provider.bytes())
                    .put("generation", generation))
            .put("nonce", nonce)
            .put("resigned", resigned)
            .toBytes();
    return SignedBody.sign(crypto, key, Labels.CLAIM_SIGNATURE, body);
  }

  /// A claim with its signature, which is not checked yet.
  public record Signed(Claim claim, SignedBody signed) {
    public boolean isSigned(Crypto crypto) {
      return signed.holds(crypto, claim.account, Labels.CLAIM_SIGNATURE);
    }

    public Bytes toBytes() {
      return signed.write(Document.of(TYPE)).toBytes();
    }
  }

  public static Signed parse(Bytes bytes) throws MalformedException {
    JsonObject outer = Document.parse(TYPE, Limits.BODY_MAX_BYTES, bytes, MEMBERS);
    return of(SignedBody.read(outer, MAX_BODY_SIZE));
  }

  /// The claim in `signed`.
  public static Signed of(SignedBody signed) throws MalformedException {
    JsonObject object = Document.parse(BODY_TYPE, MAX_BODY_SIZE, signed.body(), BODY_MEMBERS);
    Claim claim =
        new Claim(
            AccountId.read(object, "account"),
            AccountId.read(object, "provider"),
            Document.counter(object, "generation"),
            Ballot.read(object),
            object.base64Url("nonce", NONCE_SIZE),
            object.bool("resigned"));
    return new Signed(claim, signed);
  }
}
