package dev.holdfast.entropy.chain;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.scale.ScaleReader;
import dev.holdfast.entropy.scale.ScaleWriter;

/// A validator's server as the chain lists it; nothing of it is verified.
///
/// @param endpoint any bytes that the validator gave, up to [#MAX_ENDPOINT]
/// @param quote the quote that the chain verified, in full
public record ChainServer(Account account, Bytes x25519Key, Bytes endpoint, Bytes quote) {
  /// The chain's own limit.
  public static final int MAX_ENDPOINT = 100;

  private static final int MAX_QUOTE = 16 * 1024;

  static ChainServer parse(Bytes value) throws MalformedException {
    ScaleReader in = ScaleReader.of("ServerInfo", value);
    ChainServer server =
        new ChainServer(
            new Account(in.bytes(Account.SIZE, "tss_account")),
            in.bytes(32, "x25519_public_key"),
            in.byteList(MAX_ENDPOINT, "endpoint"),
            in.byteList(MAX_QUOTE, "tdx_quote"));
    in.requireEnd("ServerInfo");
    return server;
  }

  public Bytes encode() {
    return new ScaleWriter()
        .bytes(account.bytes())
        .bytes(x25519Key)
        .byteList(endpoint)
        .byteList(quote)
        .toBytes();
  }
}
