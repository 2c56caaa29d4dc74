package dev.holdfast.entropy.chain;

import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.Endpoint;
import java.net.URI;

/// Where a chain's node answers JSON-RPC: `ws://host:port` or `wss://host:port`, nothing behind it
/// and no user in it.
public record ChainEndpoint(boolean tls, Endpoint endpoint) {
  private static final String PLAIN = "ws://";
  private static final String TLS = "wss://";

  /// @throws MalformedException when the text is anything else
  public static ChainEndpoint parse(String text) throws MalformedException {
    if (text.startsWith(TLS)) {
      return new ChainEndpoint(true, Endpoint.parse(text.substring(TLS.length())));
    }
    if (text.startsWith(PLAIN)) {
      return new ChainEndpoint(false, Endpoint.parse(text.substring(PLAIN.length())));
    }
    throw new MalformedException("chain endpoint", 0, "scheme", "ws:// or wss://", "other text");
  }

  URI uri() {
    return URI.create(toString());
  }

  @Override
  public String toString() {
    return (tls ? TLS : PLAIN) + endpoint;
  }
}
