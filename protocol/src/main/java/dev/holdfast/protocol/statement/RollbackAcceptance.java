package dev.holdfast.protocol.statement;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.run.Witness;
import java.util.Set;

/// That the store of `account` may go on although it is older than what providers remember: what is
/// lost is known and accepted. Signed by the release keys, never by who can swap the disk. Good for
/// this very state of the store beside this very witness, so for once: afterwards there are later
/// ones.
///
/// - `instance`, `local`: as the store was found.
/// - `remembered`: digest of the witness that it is behind of; `rememberedVersion` for people.
///
/// Spec: docs/spec/protocol.md#rollback
public record RollbackAcceptance(
    AccountId account,
    Bytes storeId,
    long instance,
    StoreMark local,
    long rememberedVersion,
    Bytes remembered) {
  private static final String TYPE = "rollback-acceptance";
  private static final Set<String> MEMBERS =
      Document.members(
          StoreMark.MEMBERS, "account", "storeId", "instance", "rememberedVersion", "remembered");

  public Bytes toBytes() {
    return local
        .write(
            Document.of(TYPE)
                .put("account", account.bytes())
                .put("storeId", storeId)
                .put("instance", instance))
        .put("rememberedVersion", rememberedVersion)
        .put("remembered", remembered)
        .toBytes();
  }

  public static RollbackAcceptance parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, SignedStatement.MAX_BODY_SIZE, bytes, MEMBERS);
    return new RollbackAcceptance(
        AccountId.read(object, "account"),
        object.base64Url("storeId", SharingTerms.STORE_ID_SIZE),
        Document.counter(object, "instance"),
        StoreMark.read(object),
        object.integer("rememberedVersion", 0, Document.MAX_COUNTER),
        object.base64Url("remembered", Witness.DIGEST_SIZE));
  }
}
