package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SigningKey;

/// The exact bytes of a document and an account's signature over the frame of a purpose label and
/// these bytes.
///
/// Spec: docs/spec/protocol.md#signatures
public record SignedBody(Bytes body, Bytes signature) {
  public static SignedBody sign(Crypto crypto, SigningKey key, String label, Bytes body) {
    return new SignedBody(body, crypto.sign(key, Frame.of(label, body)));
  }

  public boolean holds(Crypto crypto, AccountId signer, String label) {
    return crypto.verify(signer.key(), Frame.of(label, body), signature);
  }

  /// Adds the members `body` and `signature` to `out`.
  public JsonWriter write(JsonWriter out) {
    return out.put("body", body).put("signature", signature);
  }

  /// Reads these members from `object`; the body has at most `maxSize` bytes.
  public static SignedBody read(JsonObject object, int maxSize) throws MalformedException {
    return new SignedBody(
        object.base64UrlUpTo("body", maxSize),
        object.base64Url("signature", Crypto.SIGNATURE_SIZE));
  }
}
