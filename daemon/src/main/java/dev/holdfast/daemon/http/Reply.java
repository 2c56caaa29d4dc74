package dev.holdfast.daemon.http;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// An answer: a status, a body and its type.
///
/// @param secret a body to zero after sending, instead of `body`; the sender closes it
/// @param lastOnConnection whether the connection is closed after it: the request was not read
///   whole
/// @param headers further ones by name, besides content type and length
public record Reply(
    int status,
    String contentType,
    Bytes body,
    Optional<SecretBytes> secret,
    boolean lastOnConnection,
    Map<String, String> headers) {

  private static final String JSON = "application/json";

  public Reply {
    headers = Map.copyOf(headers);
  }

  /// Without further headers.
  public Reply(
      int status,
      String contentType,
      Bytes body,
      Optional<SecretBytes> secret,
      boolean lastOnConnection) {
    this(status, contentType, body, secret, lastOnConnection, Map.of());
  }

  public static Reply json(JsonWriter json) {
    return json(json.toBytes());
  }

  public static Reply json(Bytes json) {
    return new Reply(200, JSON, json, Optional.empty(), false);
  }

  public static Reply text(String contentType, String text) {
    Bytes body = Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    return new Reply(200, contentType, body, Optional.empty(), false);
  }

  public static Reply noContent() {
    return new Reply(204, "", Bytes.EMPTY, Optional.empty(), false);
  }

  /// Hands `secret` over: it is sent and zeroed.
  public static Reply secret(SecretBytes secret) {
    return new Reply(200, "application/octet-stream", Bytes.EMPTY, Optional.of(secret), false);
  }

  /// An error as RFC 9457 has it, with a stable code.
  public static Reply problem(ProblemCode code) {
    return problem(Problem.of(code));
  }

  public static Reply problem(Problem problem) {
    return new Reply(
        problem.code().status(), Problem.CONTENT_TYPE, problem.toBytes(), Optional.empty(), false);
  }

  Reply closingConnection() {
    return new Reply(status, contentType, body, secret, true, headers);
  }
}
