package dev.holdfast.daemon.http;

import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The one way to other nodes: HTTP/1.1, no redirects, no proxy, every call with a deadline over
/// all of it and a bound on the answer. Link-local addresses are refused: that is where clouds keep
/// their metadata services.
///
/// Thread-safe; calls block their (virtual) thread.
public final class PeerClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final HttpClient client;

  public PeerClient() {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
  }

  /// What came back.
  public record Answer(int status, Bytes body) {}

  /// @param path below the endpoint
  /// @param maxAnswerBytes the longest body that is accepted
  /// @param deadline for everything: connecting, sending, waiting, receiving
  /// @throws IOException when there is no whole answer within deadline and bound
  public Answer call(
      Endpoint endpoint,
      String method,
      String path,
      Bytes body,
      int maxAnswerBytes,
      Duration deadline)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher publisher =
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.toArray());
    HttpRequest request =
        HttpRequest.newBuilder(uri(endpoint, path))
            .method(method, publisher)
            .header("Content-Type", "application/json")
            .timeout(deadline)
            .build();
    HttpResponse.BodyHandler<byte[]> bounded =
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxAnswerBytes);
    CompletableFuture<HttpResponse<byte[]>> pending = client.sendAsync(request, bounded);
    try {
      HttpResponse<byte[]> response = pending.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), Bytes.copyOf(response.body()));
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + deadline.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(reason(cause == null ? e : cause), e);
    } finally {
      pending.cancel(true);
    }
  }

  /// In our own words: an exception's message may repeat what a peer sent.
  private static String reason(Throwable cause) {
    return switch (cause) {
      case java.net.http.HttpConnectTimeoutException e -> "no connection in time";
      case java.net.http.HttpTimeoutException e -> "no answer in time";
      case java.net.ConnectException e -> "connection refused";
      case IOException e -> "the connection broke or the answer is too long or no HTTP";
      default -> "the call failed: " + cause.getClass().getSimpleName();
    };
  }

  /// The address is looked up once, judged and then connected to: a name cannot change between.
  private static URI uri(Endpoint endpoint, String path) throws IOException {
    InetAddress address = InetAddress.getByName(endpoint.host());
    if (Endpoint.isRefused(address)) {
      throw new IOException("the address is link-local, multicast or unspecified");
    }
    String literal = address.getHostAddress();
    String authority = literal.contains(":") ? "[" + literal + "]" : literal;
    return URI.create("http://" + authority + ":" + endpoint.port() + path);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
