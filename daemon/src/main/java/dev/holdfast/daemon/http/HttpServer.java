package dev.holdfast.daemon.http;

import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.protocol.ProblemCode;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.time.Duration;

/// A running server over TCP or a Unix socket that answers from one [Responder].
public final class HttpServer implements AutoCloseable {
  private static final String RETRY_AFTER = "Retry-After";
  private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(2);

  private final WebServer server;

  private HttpServer(WebServer server) {
    this.server = server;
  }

  /// Binds and serves until closed. Runs the responder on one virtual thread per request.
  ///
  /// @throws IOException when the address cannot be bound
  public static HttpServer start(SocketAddress address, Responder responder) throws IOException {
    HttpLimits limits = responder.limits();
    WebServer server =
        WebServer.builder()
            .bindAddress(address)
            .shutdownHook(false)
            .maxTcpConnections(limits.connections())
            .maxPayloadSize(-1)
            .shutdownGracePeriod(SHUTDOWN_GRACE)
            .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
            .idleConnectionTimeout(limits.requestDeadline())
            .idleConnectionPeriod(limits.requestDeadline().dividedBy(8))
            .protocolsDiscoverServices(false)
            .addConnectionSelector(
                new DeadlineConnections(
                    Http1Config.builder()
                        .maxHeadersSize(limits.headerBytes())
                        .maxPrologueLength(HttpLimits.REQUEST_LINE_BYTES)
                        .build()))
            .directHandlers(problems())
            .routing(
                routing -> routing.any((request, response) -> serve(responder, request, response)))
            .build();
    try {
      server.start();
    } catch (RuntimeException e) {
      throw new IOException("cannot listen on " + address, e);
    }
    if (!server.isRunning()) {
      throw new IOException("cannot listen on " + address + ": is it in use?");
    }
    return new HttpServer(server);
  }

  /// The bound TCP port; negative for a Unix socket.
  public int port() {
    return server.port();
  }

  /// Lets running requests finish for a short while, then closes.
  @Override
  public void close() {
    server.stop();
  }

  private static void serve(Responder responder, ServerRequest request, ServerResponse response)
      throws InterruptedException {
    String method = request.prologue().method().text();
    String path = request.prologue().uriPath().rawPath();
    boolean hasBody = request.content().hasEntity();
    long declared = request.headers().contentLength().orElse(-1);
    InputStream body = hasBody ? request.content().inputStream() : InputStream.nullInputStream();
    String query = request.prologue().query().rawValue();
    String host =
        request.headers().contains(HeaderNames.HOST)
            ? String.join(",", request.headers().get(HeaderNames.HOST).allValues())
            : "";
    Reply reply = answer(responder, new Responder.Call(method, path, query, host, declared, body));
    boolean last =
        reply.lastOnConnection() || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
    response.status(Status.create(reply.status()));
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    if (!reply.contentType().isEmpty()) {
      response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
    }
    reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    if (last) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    if (reply.status() == 503 && !reply.headers().containsKey(RETRY_AFTER)) {
      response.header(HeaderNames.RETRY_AFTER, "1");
    }
    if (reply.secret().isPresent()) {
      try (SecretBytes secret = reply.secret().get()) {
        secret.use(response::send);
      }
    } else {
      response.send(reply.body().toArray());
    }
    if (last) {
      // Helidon leaves the closing to the client, which may be waiting for just that.
      throw new CloseConnectionException("the connection ends with this answer");
    }
  }

  /// Closes the connection of a body that does not come: there is nothing to read a next request
  /// from.
  private static Reply answer(Responder responder, Responder.Call call)
      throws InterruptedException {
    try {
      return responder.answer(call);
    } catch (IOException | UncheckedIOException | DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("the body was not read to its end", e);
    }
  }

  /// What Helidon answers by itself before any route is reached: the same form, without its words.
  private static DirectHandlers problems() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, HttpServer::problem);
    }
    return handlers.build();
  }

  private static DirectHandler.TransportResponse problem(
      DirectHandler.TransportRequest request,
      DirectHandler.EventType type,
      Status status,
      io.helidon.http.ServerResponseHeaders headers,
      String message) {
    // Routes answer for their own failures, so whatever ends here failed while it was read, also
    // where Helidon calls it an internal error: some bytes that are no HTTP do.
    Reply reply = Reply.problem(ProblemCode.MALFORMED_MESSAGE);
    return DirectHandler.TransportResponse.builder()
        .status(Status.create(reply.status()))
        .header(HeaderNames.CONTENT_TYPE, reply.contentType())
        .keepAlive(false)
        .entity(reply.body().toArray())
        .build();
  }
}
