package dev.holdfast.daemon.http;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.protocol.Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

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

  /// Makes the request that `ask` describes.
  ///
  /// @param deadline for everything: connecting, sending, waiting, receiving
  public HttpReply ask(HttpAsk ask, Duration deadline) throws InterruptedException {
    return call(
        ask.endpoint(),
        ask.route().method(),
        ask.path(),
        ask.body(),
        ask.route().maxAnswerBytes(),
        deadline);
  }

  HttpReply call(
      Endpoint endpoint,
      String method,
      String path,
      Bytes body,
      int maxAnswerBytes,
      Duration deadline)
      throws InterruptedException {
    HttpRequest.BodyPublisher publisher =
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.toArray());
    HttpRequest request;
    try {
      request =
          HttpRequest.newBuilder(uri(endpoint, path))
              .method(method, publisher)
              .header("Content-Type", "application/json")
              .timeout(deadline)
              .build();
    } catch (IOException e) {
      return new HttpReply.Unreachable(String.valueOf(e.getMessage()));
    }
    HttpResponse.BodyHandler<byte[]> bounded =
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxAnswerBytes);
    CompletableFuture<HttpResponse<byte[]>> pending = client.sendAsync(request, bounded);
    try {
      HttpResponse<byte[]> response = pending.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      return new HttpReply.Answered(response.statusCode(), Bytes.copyOf(response.body()));
    } catch (TimeoutException e) {
      return new HttpReply.Silent();
    } catch (ExecutionException e) {
      return failure(e.getCause());
    } finally {
      pending.cancel(true);
    }
  }

  /// In our own words: an exception's message may repeat what a peer sent.
  private static HttpReply failure(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException _ -> new HttpReply.Unreachable("no connection in time");
      case HttpTimeoutException _ -> new HttpReply.Silent();
      case ConnectException _ -> new HttpReply.Unreachable("connection refused");
      case null, default ->
          new HttpReply.Unreachable("the connection broke, or the answer is too long or no HTTP");
    };
  }

  /// The address is looked up once, judged and then connected to: a name cannot change between.
  private static URI uri(Endpoint endpoint, String path) throws IOException {
    InetAddress address;
    try {
      address = InetAddress.getByName(endpoint.host());
    } catch (UnknownHostException e) {
      throw new IOException("the name does not resolve", e);
    }
    if (Endpoint.isRefused(Bytes.copyOf(address.getAddress()))) {
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
