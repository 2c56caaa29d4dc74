package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.run.Witness;
import java.util.Optional;
import java.util.Set;

/// What a provider says with the share it releases, signed; [ReleaseParcel] adds the share.
/// `commitment` is that of the very share sent: beside the provider's receipt it is proof for
/// everybody when the share was wrong. `witness` is the latest that the provider holds.
///
/// Spec: docs/spec/protocol.md#recovery
public record Release(
    AccountId provider,
    AccountId account,
    long generation,
    long instance,
    int index,
    Bytes commitment,
    Bytes commitmentsDigest,
    Bytes requestDigest,
    Optional<Witness.Signed> witness) {
  public static final int MAX_SIZE = 4 * 1024;

  private static final String TYPE = "release";
  private static final Set<String> MEMBERS =
      Set.of(
          "provider",
          "account",
          "generation",
          "instance",
          "index",
          "commitment",
          "commitments",
          "request",
          "witness");

  public Bytes toBytes() {
    JsonWriter out = Document.of(TYPE);
    out.put("provider", provider.bytes())
        .put("account", account.bytes())
        .put("generation", generation)
        .put("instance", instance)
        .put("index", index)
        .put("commitment", commitment)
        .put("commitments", commitmentsDigest)
        .put("request", requestDigest);
    witness.ifPresent(held -> out.put("witness", held.signed().write(JsonWriter.object())));
    return out.toBytes();
  }

  public static Release parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    return new Release(
        AccountId.read(object, "provider"),
        AccountId.read(object, "account"),
        Document.counter(object, "generation"),
        Document.counter(object, "instance"),
        (int) object.integer("index", 1, 255),
        object.base64Url("commitment", SharingTerms.COMMITMENT_SIZE),
        object.base64Url("commitments", SharingTerms.COMMITMENT_SIZE),
        object.base64Url("request", SharingTerms.COMMITMENT_SIZE),
        Witness.readFrom(object));
  }
}
