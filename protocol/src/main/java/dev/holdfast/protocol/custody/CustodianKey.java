package dev.holdfast.protocol.custody;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.Labels;
import dev.holdfast.protocol.Document;
import java.util.Set;

/// The public key of a custodian, as the file that every node of the fleet has of it. What makes it
/// a custodian is its fingerprint in the posture.
///
/// Spec: docs/spec/custody.md#keys
public record CustodianKey(EnvelopeKey key) {
  public static final int MAX_SIZE = 4 * 1024;

  private static final String TYPE = "custodian-public-key";
  private static final Set<String> MEMBERS = Set.of("key");

  /// The 32 bytes that the posture names: SHA-256 over the frame of label and key.
  public Bytes fingerprint() {
    return Frame.of(Labels.CUSTODIAN_KEY, key.encoded()).sha256();
  }

  public Bytes toBytes() {
    return Document.of(TYPE).put("key", key.encoded()).toBytes();
  }

  public static CustodianKey parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    return new CustodianKey(EnvelopeKey.parse(object.base64Url("key", EnvelopeKey.SIZE)));
  }
}
