package dev.holdfast.daemon.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;

/// HTTP/1.1 connections that end when they pass the server's idle time, whatever they wait for.
///
/// Helidon 4.5.0 has no read timeout on a server. Its idle time counts from the request line, or
/// from the end of the request before, but passing it only ends connections between requests; here
/// it interrupts the thread, which closes the socket under a read of headers or body.
final class DeadlineConnections implements ServerConnectionSelector {
  private final ServerConnectionSelector http1;

  DeadlineConnections(Http1Config config) {
    this.http1 = Http1ConnectionSelector.builder().config(config).build();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http1.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Interrupted(http1.connection(context));
  }

  private record Interrupted(ServerConnection connection) implements ServerConnection {
    @Override
    public void handle(Limit limit) throws InterruptedException {
      connection.handle(limit);
    }

    @Override
    public Duration idleTime() {
      return connection.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      connection.close(true);
    }
  }
}
