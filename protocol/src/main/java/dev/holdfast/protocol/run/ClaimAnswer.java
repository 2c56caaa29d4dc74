package dev.holdfast.protocol.run;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.SignedBody;
import java.util.Optional;
import java.util.Set;

/// A provider confirms a claim, signed.
///
/// - `claim`: SHA-256 of the body of the claim that this answers.
/// - `busyMillis`: for how long, at most, the run before this one may still believe that it is
///   confirmed here, if its lease is `leaseMillis` of the posture: 0 when there was none or it
///   resigned.
/// - `witness`: the latest that the provider holds of the account.
///
/// Spec: docs/spec/protocol.md#claims
public record ClaimAnswer(
    AccountId provider, Bytes claim, long busyMillis, Optional<Witness.Signed> witness) {
  private static final String TYPE = "claim-answer";
  private static final String BODY_TYPE = "claim-answer-body";
  private static final int MAX_BODY_SIZE = 4096;
  private static final long MAX_BUSY_MILLIS = 3_600_000;
  private static final Set<String> MEMBERS = Set.of("body", "signature");
  private static final Set<String> BODY_MEMBERS =
      Set.of("provider", "claim", "busyMillis", "witness");

  public Bytes sign(Crypto crypto, SigningKey key) {
    JsonWriter body =
        Document.of(BODY_TYPE)
            .put("provider", provider.bytes())
            .put("claim", claim)
            .put("busyMillis", busyMillis);
    witness.ifPresent(held -> body.put("witness", held.signed().write(JsonWriter.object())));
    return SignedBody.sign(crypto, key, Labels.CLAIM_ANSWER_SIGNATURE, body.toBytes())
        .write(Document.of(TYPE))
        .toBytes();
  }

  /// An answer as it came: its form is checked, its signature not yet.
  public record Received(ClaimAnswer answer, SignedBody signed) {
    public boolean isSigned(Crypto crypto) {
      return signed.holds(crypto, answer.provider, Labels.CLAIM_ANSWER_SIGNATURE);
    }
  }

  public static Received parse(Bytes bytes) throws MalformedException {
    JsonObject outer = Document.parse(TYPE, Limits.BODY_MAX_BYTES, bytes, MEMBERS);
    SignedBody signed = SignedBody.read(outer, MAX_BODY_SIZE);
    JsonObject object = Document.parse(BODY_TYPE, MAX_BODY_SIZE, signed.body(), BODY_MEMBERS);
    ClaimAnswer answer =
        new ClaimAnswer(
            AccountId.read(object, "provider"),
            object.base64Url("claim", Witness.DIGEST_SIZE),
            object.integer("busyMillis", 0, MAX_BUSY_MILLIS),
            Witness.readFrom(object));
    return new Received(answer, signed);
  }
}
