package dev.holdfast.daemon.http;

import java.io.IOException;
import java.io.InputStream;

/// What a server answers from: a [RouteTable], or a service with ways of its own. Thread-safe.
public interface Responder {
  /// One request whose body is not read yet.
  ///
  /// @param path undecoded, without query
  /// @param query undecoded, without question mark; empty when there is none
  /// @param host the `Host` header as it came; empty when there is none, never one when there are
  ///   more
  /// @param declaredBytes the announced size of the body, negative when there is none
  record Call(
      String method,
      String path,
      String query,
      String host,
      long declaredBytes,
      InputStream body) {}

  HttpLimits limits();

  /// Answers on the request's own virtual thread; may block within the limits' deadline.
  ///
  /// @throws IOException when the body cannot be read to its end
  Reply answer(Call call) throws IOException, InterruptedException;
}
