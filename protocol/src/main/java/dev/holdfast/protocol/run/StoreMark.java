package dev.holdfast.protocol.run;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Labels;
import dev.holdfast.protocol.Document;
import java.util.Set;

/// Where a store stands: for the node's own records and for what it holds for others, the count of
/// committed batches and a 32-byte MAC of count and content, under a key that never leaves the
/// store.
public record StoreMark(long storeVersion, Bytes storeMac, long ledgerVersion, Bytes ledgerMac) {
  /// The members that [#write] adds and [#read] takes.
  public static final Set<String> MEMBERS =
      Set.of("storeVersion", "storeMac", "ledgerVersion", "ledgerMac");

  public static final int MAC_SIZE = 32;

  public StoreMark {
    InvariantError.check(
        storeVersion >= 0
            && ledgerVersion >= 0
            && storeMac.size() == MAC_SIZE
            && ledgerMac.size() == MAC_SIZE,
        "a mark has two versions and two MACs");
  }

  /// This one beside `other`, of the same run. A store whose ledger went back is older, too,
  /// whatever the rest says.
  public Witness.Order compare(StoreMark other) {
    boolean forked =
        (storeVersion == other.storeVersion && !storeMac.equals(other.storeMac))
            || (ledgerVersion == other.ledgerVersion && !ledgerMac.equals(other.ledgerMac));
    if (forked) {
      return Witness.Order.FORKED;
    }
    if (storeVersion < other.storeVersion || ledgerVersion < other.ledgerVersion) {
      return Witness.Order.OLDER;
    }
    return equals(other) ? Witness.Order.SAME : Witness.Order.NEWER;
  }

  /// SHA-256 over the frame of label and all four.
  public Bytes digest() {
    return Frame.of(Labels.STORE_MARK)
        .add(storeVersion)
        .add(storeMac)
        .add(ledgerVersion)
        .add(ledgerMac)
        .toBytes()
        .sha256();
  }

  /// Adds the members to `out`.
  public JsonWriter write(JsonWriter out) {
    return out.put("storeVersion", storeVersion)
        .put("storeMac", storeMac)
        .put("ledgerVersion", ledgerVersion)
        .put("ledgerMac", ledgerMac);
  }

  /// Reads these members of `object`.
  public static StoreMark read(JsonObject object) throws MalformedException {
    return new StoreMark(
        object.integer("storeVersion", 0, Document.MAX_COUNTER),
        object.base64Url("storeMac", MAC_SIZE),
        object.integer("ledgerVersion", 0, Document.MAX_COUNTER),
        object.base64Url("ledgerMac", MAC_SIZE));
  }

  /// For people.
  @Override
  public String toString() {
    return "version " + storeVersion + " (ledger " + ledgerVersion + ")";
  }
}
