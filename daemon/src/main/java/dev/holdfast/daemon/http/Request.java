package dev.holdfast.daemon.http;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import java.util.Arrays;

/// A request whose body is within its route's limit.
public final class Request {
  private final String parameter;
  private final byte[] body;

  /// Takes `body` over.
  Request(String parameter, byte[] body) {
    this.parameter = parameter;
    this.body = body;
  }

  /// A request as a test makes it; `body` is copied.
  public static Request of(String parameter, Bytes body) {
    return new Request(parameter, body.toArray());
  }

  /// The parameter of the path, undecoded; empty when the route has none.
  public String parameter() {
    return parameter;
  }

  public Bytes body() {
    return Bytes.copyOf(body);
  }

  /// The body as a secret, which the caller closes; the request's own copy is zeroed.
  public SecretBytes takeSecretBody() {
    SecretBytes secret = SecretBytes.copyOf(body);
    Arrays.fill(body, (byte) 0);
    return secret;
  }
}
