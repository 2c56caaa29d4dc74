package dev.holdfast.cli.custodian;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.work.CustodianReview.Remembered;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a custodian has approved so far, by account: so that an older disk is noticed.
///
/// Spec: docs/spec/custody.md#memory
record Memory(Map<AccountId, Remembered> accounts) {
  static final Memory NOTHING = new Memory(Map.of());
  static final int MAX_ACCOUNTS = 4096;
  static final int MAX_SIZE = 1024 * 1024;

  private static final String TYPE = "custodian-memory";
  private static final Set<String> MEMBERS = Set.of("accounts");
  private static final Set<String> ACCOUNT_MEMBERS =
      Set.of("account", "generation", "storeVersion", "ledgerVersion", "statement");

  Memory {
    accounts = Map.copyOf(accounts);
  }

  Remembered of(AccountId account) {
    return accounts.getOrDefault(account, Remembered.NOTHING);
  }

  Memory with(AccountId account, Remembered remembered) {
    Map<AccountId, Remembered> next = new TreeMap<>(accounts);
    next.put(account, remembered);
    return new Memory(next);
  }

  Bytes toBytes() {
    List<JsonWriter> items = new ArrayList<>();
    new TreeMap<>(accounts)
        .forEach((account, past) ->
            items.add(
                JsonWriter.object()
                    .put("account", account.bytes())
                    .put("generation", past.generation())
                    .put("storeVersion", past.storeVersion())
                    .put("ledgerVersion", past.ledgerVersion())
                    .put("statement", past.statement())));
    return Document.of(TYPE).putObjects("accounts", items).toBytes();
  }

  static Memory parse(Bytes bytes) throws MalformedException {
    JsonObject object = Document.parse(TYPE, MAX_SIZE, bytes, MEMBERS);
    Map<AccountId, Remembered> accounts = new TreeMap<>();
    for (JsonValue item : object.array("accounts", MAX_ACCOUNTS).items()) {
      JsonObject account = item.asObject();
      account.requireOnly(ACCOUNT_MEMBERS);
      Remembered before =
          accounts.put(
              AccountId.read(account, "account"),
              new Remembered(
                  account.integer("generation", 0, Document.MAX_COUNTER),
                  account.integer("storeVersion", 0, Document.MAX_COUNTER),
                  account.integer("ledgerVersion", 0, Document.MAX_COUNTER),
                  account.integer("statement", 0, Document.MAX_COUNTER)));
      if (before != null) {
        throw item.mismatch("every account once", "one twice");
      }
    }
    return new Memory(accounts);
  }
}
