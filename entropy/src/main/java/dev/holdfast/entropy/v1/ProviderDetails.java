package dev.holdfast.entropy.v1;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.account.Ss58;

/// The file `backup-provider-details.json`: who holds the key of this node's store, and who this
/// node is. Plaintext and not authenticated (G3): whoever writes the disk chooses both.
public record ProviderDetails(ServerInfo provider, Account account) {
  public static final String FILE = "backup-provider-details.json";

  /// Longest file read.
  public static final int MAX_SIZE = 4096;

  /// @throws MalformedException when the JSON has another form
  public static ProviderDetails parse(Bytes json) throws MalformedException {
    JsonObject object = Json.parse(json).asObject();
    return new ProviderDetails(
        ServerInfo.read(object.object("provider")), Ss58.parse(object.string("tss_account")));
  }

  public Bytes toBytes() {
    return JsonWriter.object()
        .put("provider", provider.toJson())
        .put("tss_account", account.toString())
        .toBytes();
  }
}
