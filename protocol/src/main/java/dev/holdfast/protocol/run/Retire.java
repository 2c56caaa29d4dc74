package dev.holdfast.protocol.run;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.SignedBody;
import java.util.Set;

/// `POST /v1/retire`: the account's root key is of `generation` now; `provider` is to forget every
/// share of an earlier one, durably and for good. Only the run that has claimed the account there
/// may say so.
///
/// Spec: docs/spec/protocol.md#retire
public record Retire(AccountId account, AccountId provider, long generation, Ballot ballot) {
  public static final int MAX_BODY_SIZE = 1024;

  private static final String TYPE = "retire";
  private static final String BODY_TYPE = "retire-body";
  private static final Set<String> MEMBERS = Set.of("body", "signature");
  private static final Set<String> BODY_MEMBERS =
      Set.of("account", "provider", "generation", "instance", "run");

  public Signed sign(Crypto crypto, SigningKey key) {
    Bytes body =
        ballot
            .write(
                Document.of(BODY_TYPE)
                    .put("account", account.bytes())
                    .put("provider", provider.bytes())
                    .put("generation", generation))
            .toBytes();
    return new Signed(this, SignedBody.sign(crypto, key, Labels.RETIRE_SIGNATURE, body));
  }

  /// A retirement with its signature, which is not checked yet.
  public record Signed(Retire retire, SignedBody signed) {
    public boolean isSigned(Crypto crypto) {
      return signed.holds(crypto, retire.account, Labels.RETIRE_SIGNATURE);
    }

    public Bytes toBytes() {
      return signed.write(Document.of(TYPE)).toBytes();
    }

    /// What an acknowledgement names.
    public Bytes digest() {
      return signed.body().sha256();
    }
  }

  public static Signed parse(Bytes bytes) throws MalformedException {
    JsonObject outer = Document.parse(TYPE, Limits.BODY_MAX_BYTES, bytes, MEMBERS);
    SignedBody signed = SignedBody.read(outer, MAX_BODY_SIZE);
    JsonObject object = Document.parse(BODY_TYPE, MAX_BODY_SIZE, signed.body(), BODY_MEMBERS);
    Retire retire =
        new Retire(
            AccountId.read(object, "account"),
            AccountId.read(object, "provider"),
            Document.counter(object, "generation"),
            Ballot.read(object));
    return new Signed(retire, signed);
  }
}
