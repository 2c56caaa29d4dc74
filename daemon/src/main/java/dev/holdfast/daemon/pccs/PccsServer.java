package dev.holdfast.daemon.pccs;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.daemon.http.HttpLimits;
import dev.holdfast.daemon.http.HttpServer;
import dev.holdfast.daemon.http.Reply;
import dev.holdfast.daemon.http.Responder;
import dev.holdfast.simulator.pccs.DevelopmentPccs;
import dev.holdfast.simulator.pccs.PccsReply;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// [DevelopmentPccs] behind the daemon's HTTP server, within its limits, with faults on request.
///
/// Spec: docs/spec/simulator.md#the-service
public final class PccsServer implements AutoCloseable {
  /// 256 connections, 32 requests at once, 8 KiB of headers, 20 s for a request.
  public static final HttpLimits LIMITS = new HttpLimits(256, 32, 8 * 1024, Duration.ofSeconds(20));

  private final HttpServer server;

  private PccsServer(HttpServer server) {
    this.server = server;
  }

  /// Binds and serves until closed.
  ///
  /// @param time which instant a request is answered for
  /// @param onBug told of what the service threw without meaning to
  /// @throws IOException when the address cannot be bound
  public static PccsServer start(
      SocketAddress address,
      DevelopmentPccs pccs,
      Faults faults,
      InstantSource time,
      Consumer<Throwable> onBug)
      throws IOException {
    return new PccsServer(HttpServer.start(address, new Service(pccs, faults, time, onBug)));
  }

  /// The bound TCP port.
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }

  private static final class Service implements Responder {
    private final DevelopmentPccs pccs;
    private final Faults faults;
    private final InstantSource time;
    private final Consumer<Throwable> onBug;
    private final AtomicLong failuresLeft;
    private final Semaphore concurrent = new Semaphore(LIMITS.concurrentRequests());

    Service(DevelopmentPccs pccs, Faults faults, InstantSource time, Consumer<Throwable> onBug) {
      this.onBug = onBug;
      this.pccs = pccs;
      this.faults = faults;
      this.time = time;
      this.failuresLeft = new AtomicLong(faults.status().isPresent() ? faults.requests() : 0);
    }

    @Override
    public HttpLimits limits() {
      return LIMITS;
    }

    @Override
    public Reply answer(Call call) throws IOException, InterruptedException {
      if (!concurrent.tryAcquire()) {
        return text(503, "Too many requests at once.", Map.of());
      }
      try {
        Thread.sleep(faults.delay());
        if (failuresLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          return text(
              faults.status().orElseThrow(), "This service fails on request.", retryAfter());
        }
        return document(call);
      } catch (RuntimeException | InvariantError e) {
        onBug.accept(e);
        return text(500, "Internal server error.", Map.of());
      } finally {
        concurrent.release();
      }
    }

    private Reply document(Call call) throws IOException {
      PccsReply reply = pccs.answer(call.method(), call.path(), call.query(), time.instant());
      if (reply.status() == 200 && call.body().read() >= 0) {
        return text(413, "No request here has a body.", Map.of());
      }
      Map<String, String> headers = new LinkedHashMap<>(reply.headers());
      String type = Optional.ofNullable(headers.remove(PccsReply.CONTENT_TYPE)).orElse("");
      boolean last = reply.status() != 200;
      return new Reply(reply.status(), type, reply.body(), Optional.empty(), last, headers);
    }

    private Map<String, String> retryAfter() {
      return faults
          .retryAfter()
          .map(value -> Map.of("Retry-After", Long.toString(value.toSeconds())))
          .orElse(Map.of());
    }

    /// Ends the connection: a body may stand unread in it.
    private static Reply text(int status, String words, Map<String, String> headers) {
      Bytes body = Bytes.copyOf(words.getBytes(StandardCharsets.US_ASCII));
      return new Reply(status, "text/plain", body, Optional.empty(), true, headers);
    }
  }
}
