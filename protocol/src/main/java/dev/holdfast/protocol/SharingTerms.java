package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonArray;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What is the same for all providers of one generation: whose root key is shared how, from where
/// it came, and what a release needs.
///
/// Spec: docs/spec/protocol.md#deposit
public record SharingTerms(
    AccountId depositor,
    long generation,
    Bytes storeId,
    Threshold threshold,
    List<Bytes> commitments,
    ReleasePolicy policy,
    Bytes posture,
    Bytes tokenKey,
    Origin origin) {
  /// The members that [#write] adds and [#read] takes.
  public static final Set<String> MEMBERS =
      Set.of(
          "depositor",
          "generation",
          "storeId",
          "k",
          "n",
          "commitments",
          "policy",
          "posture",
          "tokenKey",
          "origin");

  public static final int STORE_ID_SIZE = 32;
  public static final int COMMITMENT_SIZE = 32;

  public SharingTerms {
    commitments = List.copyOf(commitments);
    InvariantError.check(commitments.size() == threshold.n(), "one commitment a share");
  }

  /// The context under which the shares of one generation of one account are committed to.
  public static Bytes context(AccountId depositor, long generation) {
    return Frame.of(Labels.SHARING).add(depositor.bytes()).add(generation).toBytes();
  }

  public Bytes context() {
    return context(depositor, generation);
  }

  /// SHA-256 over all commitments: what receipts and releases name.
  public static Bytes commitmentsDigest(List<Bytes> commitments) {
    return Frame.of(Labels.COMMITMENT_LIST, commitments).sha256();
  }

  public Bytes commitmentsDigest() {
    return commitmentsDigest(commitments);
  }

  /// What the origin quote must be bound to.
  public Bytes originReportData() {
    return ReportData.origin(posture, depositor, generation, storeId, origin.birth());
  }

  /// Adds the members of the terms to `out`.
  public JsonWriter write(JsonWriter out) {
    return out.put("depositor", depositor.bytes())
        .put("generation", generation)
        .put("storeId", storeId)
        .put("k", threshold.k())
        .put("n", threshold.n())
        .putAllBytes("commitments", commitments)
        .put("policy", policy.toJson())
        .put("posture", posture)
        .put("tokenKey", tokenKey)
        .put("origin", origin.toJson());
  }

  /// Reads the members of the terms from `object`, which may have others.
  public static SharingTerms read(JsonObject object) throws MalformedException {
    Threshold threshold = Threshold.read(object);
    return new SharingTerms(
        AccountId.read(object, "depositor"),
        Document.counter(object, "generation"),
        object.base64Url("storeId", STORE_ID_SIZE),
        threshold,
        readCommitments(object, threshold.n()),
        ReleasePolicy.read(object.object("policy")),
        object.base64Url("posture", Posture.DIGEST_SIZE),
        object.base64Url("tokenKey", DiskToken.SIZE),
        Origin.read(object.object("origin")));
  }

  /// The member `commitments`: exactly `n` digests.
  public static List<Bytes> readCommitments(JsonObject object, int n) throws MalformedException {
    JsonArray array = object.array("commitments", n);
    if (array.items().size() != n) {
      throw array.mismatch(n + " items", array.items().size() + " items");
    }
    return readAll(array, COMMITMENT_SIZE);
  }

  /// All items of `array` as base64url of `size` bytes each.
  public static List<Bytes> readAll(JsonArray array, int size) throws MalformedException {
    List<Bytes> items = new ArrayList<>();
    for (JsonValue item : array.items()) {
      Bytes bytes = Bytes.parseBase64Url(item.asString());
      if (bytes.size() != size) {
        throw item.mismatch(size + " bytes", bytes.size() + " bytes");
      }
      items.add(bytes);
    }
    return items;
  }
}
