package dev.holdfast.entropy.v1;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.account.Ss58;
import dev.holdfast.protocol.Endpoint;

/// A server of the network (the original's `ValidatorInfo`).
///
/// @param x25519Key what messages to it are sealed to
/// @param endpoint strictly `host:port` (G19): the original puts any text into a URL
/// @param account its own account, not its stash's
public record ServerInfo(Bytes x25519Key, Endpoint endpoint, Account account) {
  static ServerInfo read(JsonObject object) throws MalformedException {
    return new ServerInfo(
        JsonBytes.parseKey(object.member("x25519_public_key"), X25519Key.SIZE),
        Endpoint.parse(object.string("ip_address")),
        Ss58.parse(object.string("tss_account")));
  }

  JsonWriter toJson() {
    return JsonWriter.object()
        .raw("x25519_public_key", JsonBytes.numbers(x25519Key))
        .put("ip_address", endpoint.toString())
        .put("tss_account", account.toString());
  }
}
