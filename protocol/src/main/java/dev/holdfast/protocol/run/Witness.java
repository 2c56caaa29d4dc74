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
import java.util.Optional;
import java.util.Set;

/// `POST /v1/witness`: what the store of `account` holds in the run `ballot`, signed by the
/// account. Providers remember the latest, and whoever shows an older store later is told.
///
/// Spec: docs/spec/protocol.md#witnesses
public record Witness(AccountId account, Ballot ballot, StoreMark mark) {
  public static final int MAX_BODY_SIZE = 1024;
  public static final int DIGEST_SIZE = 32;

  private static final String TYPE = "witness";
  private static final String BODY_TYPE = "witness-body";
  private static final Set<String> MEMBERS = Set.of("body", "signature");
  private static final Set<String> BODY_MEMBERS =
      Document.members(StoreMark.MEMBERS, "account", "instance", "run");

  /// How two witnesses of one account stand to each other.
  public enum Order {
    OLDER,
    SAME,
    NEWER,
    /// Of the same run and version with other content: the store has two histories.
    FORKED
  }

  public Signed sign(Crypto crypto, SigningKey key) {
    Bytes body =
        mark.write(ballot.write(Document.of(BODY_TYPE).put("account", account.bytes()))).toBytes();
    return new Signed(this, SignedBody.sign(crypto, key, Labels.WITNESS_SIGNATURE, body));
  }

  /// This one beside `other`: by instance, then by what the marks say.
  public Order compare(Witness other) {
    int byInstance = Long.compare(ballot.instance(), other.ballot.instance());
    if (byInstance != 0) {
      return byInstance < 0 ? Order.OLDER : Order.NEWER;
    }
    return mark.compare(other.mark);
  }

  /// A witness with its signature, which is not checked yet.
  public record Signed(Witness witness, SignedBody signed) {
    public boolean isSigned(Crypto crypto) {
      return signed.holds(crypto, witness.account, Labels.WITNESS_SIGNATURE);
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
    return of(SignedBody.read(outer, MAX_BODY_SIZE));
  }

  /// The witness in `signed`.
  public static Signed of(SignedBody signed) throws MalformedException {
    JsonObject object = Document.parse(BODY_TYPE, MAX_BODY_SIZE, signed.body(), BODY_MEMBERS);
    Witness witness =
        new Witness(AccountId.read(object, "account"), Ballot.read(object), StoreMark.read(object));
    return new Signed(witness, signed);
  }

  /// The member `witness` of `object`, where it has one.
  public static Optional<Signed> readFrom(JsonObject object) throws MalformedException {
    if (!object.has("witness")) {
      return Optional.empty();
    }
    JsonObject signed = object.object("witness");
    signed.requireOnly(MEMBERS);
    return Optional.of(of(SignedBody.read(signed, MAX_BODY_SIZE)));
  }
}
