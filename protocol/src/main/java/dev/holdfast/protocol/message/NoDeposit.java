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

/// A provider's signed word, in answer to one recovery request, that it holds no deposit of
/// `account`. Enough of them show that a store which was never committed can never be opened.
///
/// Spec: docs/spec/protocol.md#no-deposit
public record NoDeposit(AccountId provider, AccountId account, Bytes requestDigest) {
  private static final String TYPE = "no-deposit";
  private static final int MAX_SIZE = 1024;
  private static final Set<String> MEMBERS = Set.of("provider", "account", "request");

  public SignedBody sign(Crypto crypto, SigningKey key) {
    Bytes body =
        Document.of(TYPE)
            .put("provider", provider.bytes())
            .put("account", account.bytes())
            .put("request", requestDigest)
            .toBytes();
    return SignedBody.sign(crypto, key, Labels.NO_DEPOSIT_SIGNATURE, body);
  }

  /// True when `signed` is this very statement, signed by its provider.
  public boolean isStatedBy(SignedBody signed, Crypto crypto) {
    try {
      return parse(signed.body()).equals(this)
          && signed.holds(crypto, provider, Labels.NO_DEPOSIT_SIGNATURE);
    } catch (MalformedException e) {
      return false;
    }
  }

  public static NoDeposit parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    return new NoDeposit(
        AccountId.read(object, "provider"),
        AccountId.read(object, "account"),
        object.base64Url("request", SharingTerms.COMMITMENT_SIZE));
  }
}
