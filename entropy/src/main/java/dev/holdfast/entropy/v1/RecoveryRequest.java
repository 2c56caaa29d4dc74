package dev.holdfast.entropy.v1;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.account.Ss58;

/// The body of `/v1/recover_encryption_key`. Nothing shows that the account is the requester's but
/// the quote of an accepted image.
public record RecoveryRequest(Account account, Bytes responseKey, Bytes quote) {
  /// Longest JSON taken: a quote of [Quote#MAX_SIZE] with four characters a byte.
  public static final int MAX_SIZE = 68 * 1024;

  /// The account may be written under any prefix, as the original takes it.
  ///
  /// @throws MalformedException when the JSON has another form
  public static RecoveryRequest parse(Bytes json) throws MalformedException {
    JsonObject object = Json.parse(json).asObject();
    return new RecoveryRequest(
        Ss58.parseAnyPrefix(object.string("tss_account")).account(),
        JsonBytes.parseKey(object.member("response_key"), X25519Key.SIZE),
        JsonBytes.parseNumbers(object.member("quote"), Quote.MAX_SIZE));
  }

  public Bytes toBytes() {
    return JsonWriter.object()
        .put("tss_account", account.toString())
        .raw("response_key", JsonBytes.numbers(responseKey))
        .raw("quote", JsonBytes.numbers(quote))
        .toBytes();
  }
}
