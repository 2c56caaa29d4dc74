package dev.holdfast.protocol.statement;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.crypto.VerifyingKey;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.posture.KeyQuorum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The exact bytes of a document with the Ed25519 signatures of some keys over the frame of a
/// purpose label and these bytes; at most one of each key. It speaks when enough keys of a quorum
/// have signed; signatures of other keys, and false ones, count for nothing.
///
/// Spec: docs/spec/protocol.md#statements
public record SignedStatement(Bytes body, Map<Bytes, Bytes> signatures) {
  public static final int MAX_BODY_SIZE = 16 * 1024;
  public static final int MAX_SIZE = 32 * 1024;

  private static final String TYPE = "signed-statement";
  private static final Set<String> MEMBERS = Set.of("body", "signatures");
  private static final Set<String> SIGNATURE_MEMBERS = Set.of("key", "signature");

  public SignedStatement {
    signatures = Map.copyOf(signatures);
  }

  /// What nobody signed yet.
  public static SignedStatement unsigned(Bytes body) {
    return new SignedStatement(body, Map.of());
  }

  /// This one with the signature of `key` as well.
  public SignedStatement signedBy(Crypto crypto, SigningKey key, String label) {
    Map<Bytes, Bytes> more = new TreeMap<>(signatures);
    more.put(key.publicKey().encoded(), crypto.sign(key, Frame.of(label, body)));
    return new SignedStatement(body, more);
  }

  /// The keys of `quorum` that signed.
  public List<Bytes> signers(Crypto crypto, KeyQuorum quorum, String label) {
    return quorum.keys().stream().filter(key -> isSignedBy(crypto, key, label)).toList();
  }

  /// True when enough keys of `quorum` signed; never when it is of none.
  public boolean holds(Crypto crypto, KeyQuorum quorum, String label) {
    return !quorum.isNone() && signers(crypto, quorum, label).size() >= quorum.threshold();
  }

  private boolean isSignedBy(Crypto crypto, Bytes key, String label) {
    if (!signatures.containsKey(key)) {
      return false;
    }
    try {
      return crypto.verify(
          VerifyingKey.parse(key),
          Frame.of(label, body),
          signatures.getOrDefault(key, Bytes.EMPTY));
    } catch (MalformedException e) {
      return false;
    }
  }

  public Bytes toBytes() {
    List<JsonWriter> list = new ArrayList<>();
    new TreeMap<>(signatures)
        .forEach((key, signature) ->
            list.add(JsonWriter.object().put("key", key).put("signature", signature)));
    return Document.of(TYPE).put("body", body).putObjects("signatures", list).toBytes();
  }

  /// @throws MalformedException when it does not have its form, or names a key twice
  public static SignedStatement parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    Map<Bytes, Bytes> signatures = new TreeMap<>();
    JsonValue list = object.member("signatures");
    for (JsonValue item : list.asArray(KeyQuorum.MAX_KEYS).items()) {
      JsonObject signature = item.asObject();
      signature.requireOnly(SIGNATURE_MEMBERS);
      Bytes key = signature.base64Url("key", KeyQuorum.KEY_SIZE);
      if (signatures.containsKey(key)) {
        throw item.mismatch("each key once", "one twice");
      }
      signatures.put(key, signature.base64Url("signature", Crypto.SIGNATURE_SIZE));
    }
    return new SignedStatement(object.base64UrlUpTo("body", MAX_BODY_SIZE), signatures);
  }
}
