package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.SignedBody;
import java.util.List;
import java.util.Set;

/// The answer to [ProofRequest]: the provider's present envelope key under a quote that covers the
/// nonces of several depositors at once, sorted.
public record ProviderProof(
    AccountId provider, long instance, EnvelopeKey envelopeKey, List<Bytes> nonces) {
  private static final String TYPE = "provider-proof";
  private static final String BODY_TYPE = "provider-proof-body";
  private static final int MAX_BODY_SIZE = 8 * 1024;
  private static final Set<String> MEMBERS = Set.of("body", "signature", "quote", "collateral");
  private static final Set<String> BODY_MEMBERS =
      Set.of("provider", "instance", "envelopeKey", "nonces");

  public ProviderProof {
    nonces = List.copyOf(nonces);
  }

  /// What the quote must be bound to, under the posture with this digest.
  public Bytes reportData(Bytes posture) {
    return ReportData.providerProof(posture, provider, envelopeKey, nonces);
  }

  public Bytes sign(Crypto crypto, SigningKey key, Bytes quote, Bytes collateralDigest) {
    Bytes body =
        Document.of(BODY_TYPE)
            .put("provider", provider.bytes())
            .put("instance", instance)
            .put("envelopeKey", envelopeKey.encoded())
            .putAllBytes("nonces", nonces)
            .toBytes();
    SignedBody signed = SignedBody.sign(crypto, key, Labels.PROVIDER_PROOF_SIGNATURE, body);
    return signed
        .write(Document.of(TYPE))
        .put("quote", quote)
        .put("collateral", collateralDigest)
        .toBytes();
  }

  /// A proof as it came: its form is checked, signature and quote not yet.
  public record Received(
      ProviderProof proof, SignedBody signed, Bytes quote, Bytes collateralDigest) {
    public boolean isSigned(Crypto crypto) {
      return signed.holds(crypto, proof.provider, Labels.PROVIDER_PROOF_SIGNATURE);
    }
  }

  public static Received parse(Bytes bytes) throws MalformedException {
    JsonObject outer = Document.parse(TYPE, Limits.EVIDENCE_BODY_MAX_BYTES, bytes, MEMBERS);
    SignedBody signed = SignedBody.read(outer, MAX_BODY_SIZE);
    JsonObject object = Document.parse(BODY_TYPE, MAX_BODY_SIZE, signed.body(), BODY_MEMBERS);
    ProviderProof proof =
        new ProviderProof(
            AccountId.read(object, "provider"),
            Document.counter(object, "instance"),
            EnvelopeKey.parse(object.base64Url("envelopeKey", EnvelopeKey.SIZE)),
            SharingTerms.readAll(
                object.array("nonces", Limits.CHALLENGES_PER_QUOTE), ProofRequest.NONCE_SIZE));
    return new Received(
        proof,
        signed,
        outer.base64UrlUpTo("quote", Limits.QUOTE_MAX_BYTES),
        outer.base64Url("collateral", Origin.DIGEST_SIZE));
  }
}
