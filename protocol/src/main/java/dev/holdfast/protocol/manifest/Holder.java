package dev.holdfast.protocol.manifest;

import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.MemberLabels;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.message.Receipt;
import java.util.Optional;
import java.util.Set;

/// One provider in a manifest: which share it holds, or may hold, and its receipt when there is
/// one. `endpoint` and `name` are hints for finding and naming it.
public record Holder(
    AccountId account,
    int index,
    Endpoint endpoint,
    String name,
    Optional<Receipt.Received> receipt) {
  private static final Set<String> MEMBERS =
      Set.of("account", "index", "endpoint", "name", "receipt");

  public boolean isFirm() {
    return receipt.filter(received -> received.receipt().firm()).isPresent();
  }

  /// The same without its receipt: whom it was.
  public Holder bare() {
    return new Holder(account, index, endpoint, name, Optional.empty());
  }

  JsonWriter toJson() {
    JsonWriter out =
        JsonWriter.object()
            .put("account", account.bytes())
            .put("index", index)
            .put("endpoint", endpoint.toString())
            .put("name", name);
    receipt.ifPresent(received -> out.put("receipt", received.bytes()));
    return out;
  }

  static Holder read(JsonObject object, SharingTerms terms) throws MalformedException {
    object.requireOnly(MEMBERS);
    Optional<Receipt.Received> receipt = Optional.empty();
    if (object.has("receipt")) {
      receipt = Optional.of(Receipt.parse(object.base64UrlUpTo("receipt", Receipt.MAX_SIZE)));
    }
    Holder holder =
        new Holder(
            AccountId.read(object, "account"),
            (int) object.integer("index", 1, terms.threshold().n()),
            Endpoint.parse(object.string("endpoint")),
            MemberLabels.label(object, "name"),
            receipt);
    if (receipt.isPresent() && !holder.isReceiptOf(receipt.get().receipt(), terms)) {
      throw object.mismatch("a receipt for this share by this provider", "another receipt");
    }
    return holder;
  }

  private boolean isReceiptOf(Receipt given, SharingTerms terms) {
    return given.provider().equals(account)
        && given.depositor().equals(terms.depositor())
        && given.generation() == terms.generation()
        && given.index() == index
        && given.commitmentsDigest().equals(terms.commitmentsDigest());
  }
}
