package dev.holdfast.protocol.message;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.SignedBody;
import java.util.Set;

/// A provider's signed word that it durably holds a deposit. `firm` when its own store can no
/// longer be lost with its memory: its own manifest is committed.
///
/// Spec: docs/spec/protocol.md#receipt
public record Receipt(
    AccountId provider,
    AccountId depositor,
    long generation,
    long instance,
    int index,
    Bytes commitmentsDigest,
    Bytes depositDigest,
    boolean firm) {
  public static final int MAX_SIZE = 4 * 1024;

  private static final String TYPE = "receipt";
  private static final String BODY_TYPE = "receipt-body";
  private static final int MAX_BODY_SIZE = 1024;
  private static final Set<String> MEMBERS = Set.of("body", "signature");
  private static final Set<String> BODY_MEMBERS =
      Set.of(
          "provider",
          "depositor",
          "generation",
          "instance",
          "index",
          "commitments",
          "deposit",
          "firm");

  /// The receipt for `deposit`, whose exact bytes have `depositDigest`.
  public static Receipt of(Deposit deposit, Bytes depositDigest, boolean firm) {
    SharingTerms terms = deposit.terms();
    return new Receipt(
        deposit.provider(),
        terms.depositor(),
        terms.generation(),
        deposit.instance(),
        deposit.index(),
        terms.commitmentsDigest(),
        depositDigest,
        firm);
  }

  public Receipt withFirm(boolean isFirm) {
    return new Receipt(
        provider, depositor, generation, instance, index, commitmentsDigest, depositDigest, isFirm);
  }

  public Bytes sign(Crypto crypto, SigningKey key) {
    Bytes body =
        Document.of(BODY_TYPE)
            .put("provider", provider.bytes())
            .put("depositor", depositor.bytes())
            .put("generation", generation)
            .put("instance", instance)
            .put("index", index)
            .put("commitments", commitmentsDigest)
            .put("deposit", depositDigest)
            .put("firm", firm)
            .toBytes();
    SignedBody signed = SignedBody.sign(crypto, key, Labels.RECEIPT_SIGNATURE, body);
    return signed.write(Document.of(TYPE)).toBytes();
  }

  /// A receipt as it came: its form is checked, its signature not yet. `bytes` is the whole of it.
  public record Received(Receipt receipt, SignedBody signed, Bytes bytes) {
    public boolean isSigned(Crypto crypto) {
      return signed.holds(crypto, receipt.provider, Labels.RECEIPT_SIGNATURE);
    }
  }

  public static Received parse(Bytes bytes) throws MalformedException {
    JsonObject outer = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    SignedBody signed = SignedBody.read(outer, MAX_BODY_SIZE);
    JsonObject object = Document.parse(BODY_TYPE, MAX_BODY_SIZE, signed.body(), BODY_MEMBERS);
    Receipt receipt =
        new Receipt(
            AccountId.read(object, "provider"),
            AccountId.read(object, "depositor"),
            Document.counter(object, "generation"),
            Document.counter(object, "instance"),
            (int) object.integer("index", 1, 255),
            object.base64Url("commitments", SharingTerms.COMMITMENT_SIZE),
            object.base64Url("deposit", SharingTerms.COMMITMENT_SIZE),
            object.bool("firm"));
    return new Received(receipt, signed, bytes);
  }
}
