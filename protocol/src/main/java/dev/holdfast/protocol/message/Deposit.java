package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Labels;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.SharingTerms;
import java.util.Set;

/// What one provider is told about its share: everything but the share itself, which
/// [DepositParcel] adds. Holds nothing secret: the commitment at `index` stands for the share.
///
/// Spec: docs/spec/protocol.md#deposit
public record Deposit(SharingTerms terms, AccountId provider, long instance, int index) {
  public static final int MAX_SIZE = 64 * 1024;

  private static final String TYPE = "deposit";
  private static final Set<String> MEMBERS =
      Document.members(SharingTerms.MEMBERS, "provider", "instance", "index");

  public Bytes toBytes() {
    JsonWriter out = terms.write(Document.of(TYPE));
    return out.put("provider", provider.bytes())
        .put("instance", instance)
        .put("index", index)
        .toBytes();
  }

  public static Deposit parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    SharingTerms terms = SharingTerms.read(object);
    return new Deposit(
        terms,
        AccountId.read(object, "provider"),
        Document.counter(object, "instance"),
        (int) object.integer("index", 1, terms.threshold().n()));
  }

  /// What the deposit quote and the receipt name: SHA-256 over the deposit's exact bytes, which fix
  /// the share through its commitment.
  public static Bytes digest(Bytes depositBytes) {
    return Frame.of(Labels.DEPOSIT_DIGEST, depositBytes).sha256();
  }
}
