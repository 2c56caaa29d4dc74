package dev.holdfast.registry.etcd;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.registry.MembershipView.Ignored;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Calls to one etcd cluster: to the server that answered last, then to the others. Thread-safe.
///
/// No redirects, no proxy; replies are bounded; every call has a deadline.
final class EtcdClient implements AutoCloseable {
  /// Bound on a reply and on one message of a watch. A page of the index has a tenth of it.
  static final int MAX_REPLY_BYTES = 4 * 1024 * 1024;

  private static final int OK = 200;

  private final List<Endpoint> endpoints;
  private final String scheme;
  private final Optional<EtcdOptions.Login> login;
  private final Duration deadline;
  private final HttpClient http;
  private volatile int preferred;
  private volatile String token = "";

  EtcdClient(EtcdOptions options) {
    endpoints = options.endpoints();
    scheme = options.tls().isPresent() ? "https" : "http";
    login = options.login();
    deadline = options.timing().call();
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(deadline)
            .proxy(HttpClient.Builder.NO_PROXY);
    options.tls().ifPresent(builder::sslContext);
    http = builder.build();
  }

  /// Calls `method` and returns its reply.
  JsonObject call(String method, JsonWriter request) throws EtcdException, InterruptedException {
    return onSomeServer(endpoint -> once(endpoint, method, request));
  }

  /// Opens a stream of replies. The caller closes it.
  EtcdStream stream(String method, JsonWriter request) throws EtcdException, InterruptedException {
    return onSomeServer(endpoint -> open(endpoint, method, request));
  }

  /// Makes the next call log in again.
  void forgetToken() {
    token = "";
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private interface Exchange<T> {
    T with(Endpoint endpoint) throws EtcdException, InterruptedException;
  }

  private <T> T onSomeServer(Exchange<T> exchange) throws EtcdException, InterruptedException {
    int first = preferred;
    for (int i = 0; ; i++) {
      int index = (first + i) % endpoints.size();
      try {
        T result = loggedIn(endpoints.get(index), exchange);
        preferred = index;
        return result;
      } catch (EtcdException e) {
        if (!e.isOfOneServer() || i == endpoints.size() - 1) {
          throw e;
        }
      }
    }
  }

  private <T> T loggedIn(Endpoint endpoint, Exchange<T> exchange)
      throws EtcdException, InterruptedException {
    if (login.isEmpty()) {
      return exchange.with(endpoint);
    }
    if (!token.isEmpty()) {
      try {
        return exchange.with(endpoint);
      } catch (EtcdException e) {
        if (!e.isOfTheToken()) {
          throw e;
        }
      }
    }
    logIn(endpoint, login.get());
    return exchange.with(endpoint);
  }

  private void logIn(Endpoint endpoint, EtcdOptions.Login user)
      throws EtcdException, InterruptedException {
    forgetToken();
    JsonWriter request =
        JsonWriter.object().put("name", user.user()).put("password", user.password());
    try {
      token = once(endpoint, "auth/authenticate", request).string("token");
    } catch (MalformedException e) {
      throw noEtcd(endpoint);
    }
  }

  private JsonObject once(Endpoint endpoint, String method, JsonWriter request)
      throws EtcdException, InterruptedException {
    HttpResponse<byte[]> response =
        send(
            endpoint,
            request(endpoint, method, request),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_REPLY_BYTES));
    JsonObject reply = object(endpoint, Bytes.copyOf(response.body()));
    if (response.statusCode() != OK) {
      throw failure(endpoint, reply);
    }
    return reply;
  }

  private EtcdStream open(Endpoint endpoint, String method, JsonWriter request)
      throws EtcdException, InterruptedException {
    HttpResponse<InputStream> response =
        send(endpoint, request(endpoint, method, request), BodyHandlers.ofInputStream());
    EtcdStream stream = new EtcdStream(response.body(), line -> object(endpoint, line));
    if (response.statusCode() != OK) {
      stream.close();
      throw new EtcdException(
          EtcdException.UNKNOWN, endpoint + " refused to stream: HTTP " + response.statusCode());
    }
    return stream;
  }

  private HttpRequest request(Endpoint endpoint, String method, JsonWriter request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(scheme + "://" + endpoint + "/v3/" + method))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request.toBytes().toArray()));
    if (!token.isEmpty()) {
      builder.header("Authorization", token);
    }
    return builder.build();
  }

  private <T> HttpResponse<T> send(
      Endpoint endpoint, HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws EtcdException, InterruptedException {
    CompletableFuture<HttpResponse<T>> pending = http.sendAsync(request, body);
    try {
      return pending.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new EtcdException(
          EtcdException.NO_REPLY,
          endpoint + " gave no whole reply within " + deadline.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw failure(endpoint, e.getCause());
    } finally {
      pending.cancel(true);
    }
  }

  /// In our own words: an exception's message may repeat what the server sent.
  private static EtcdException failure(Endpoint endpoint, @Nullable Throwable cause) {
    return switch (cause) {
      case ConnectException _ ->
          new EtcdException(EtcdException.NO_REPLY, endpoint + " refuses connections");
      case SSLException _ ->
          new EtcdException(
              EtcdException.NO_REPLY, "no secure connection to a server named " + endpoint);
      case IOException io when String.valueOf(io.getMessage()).contains("capacity") ->
          new EtcdException(
              EtcdException.TOO_LARGE,
              "expected a reply of at most " + MAX_REPLY_BYTES + " bytes from " + endpoint);
      case null, default ->
          new EtcdException(EtcdException.NO_REPLY, "the connection to " + endpoint + " broke");
    };
  }

  private static EtcdException failure(Endpoint endpoint, JsonObject reply) {
    try {
      int code = (int) reply.integer("code", 0, Integer.MAX_VALUE);
      return new EtcdException(
          code, endpoint + " refused: " + Ignored.printable(reply.string("error")));
    } catch (MalformedException e) {
      return noEtcd(endpoint);
    }
  }

  private static JsonObject object(Endpoint endpoint, Bytes bytes) throws EtcdException {
    try {
      JsonValue value = Json.parse(bytes);
      if (value instanceof JsonObject object) {
        return object;
      }
    } catch (MalformedException e) {
      // The same as any other value.
    }
    throw noEtcd(endpoint);
  }

  private static EtcdException noEtcd(Endpoint endpoint) {
    return new EtcdException(
        EtcdException.NO_ETCD, endpoint + " does not answer like an etcd of version 3.4 or later");
  }
}
