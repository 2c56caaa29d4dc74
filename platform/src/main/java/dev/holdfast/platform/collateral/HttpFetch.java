package dev.holdfast.platform.collateral;

import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.collateral.CollateralServiceException.Kind;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// GET over HTTP/1.1: no redirects, no proxy, no cookies, a deadline over everything and a bound on
/// the body.
///
/// A name that resolves to a link-local address is refused: that is where clouds keep their
/// metadata services. Only a URL that names such an address itself is followed there. This guards
/// against accidents; whoever controls the name can change it between the check and the connection.
final class HttpFetch implements AutoCloseable {
  private static final String USER_AGENT = "holdfast";
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[.*]");

  private final HttpClient client;
  private final Duration connectTimeout;

  HttpFetch(Duration connectTimeout) {
    this.connectTimeout = connectTimeout;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
  }

  /// @param deadline for everything: connecting, waiting, receiving
  ServiceReply get(ServiceRequest request, Duration deadline)
      throws CollateralServiceException, InterruptedException {
    requireAddress(request);
    HttpRequest http =
        HttpRequest.newBuilder(request.uri())
            .header("User-Agent", USER_AGENT)
            .timeout(deadline)
            .GET()
            .build();
    CompletableFuture<HttpResponse<Optional<Bytes>>> pending =
        client.sendAsync(http, _ -> new BoundedBody(ServiceReply.MAX_BODY_BYTES));
    try {
      HttpResponse<Optional<Bytes>> response =
          pending.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      Optional<Bytes> body = response.body();
      if (body.isEmpty()) {
        throw request.failure(
            Kind.TOO_LARGE,
            "expected at most " + ServiceReply.MAX_BODY_BYTES + " bytes, found more");
      }
      return new ServiceReply(
          response.statusCode(), lowerCase(response.headers().map()), body.get());
    } catch (TimeoutException e) {
      throw request.failure(Kind.SILENT, "no whole reply within " + deadline.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw failure(request, e.getCause());
    } finally {
      pending.cancel(true);
    }
  }

  /// Names that differ in case are one.
  private static Map<String, List<String>> lowerCase(Map<String, List<String>> headers) {
    Map<String, List<String>> merged = new TreeMap<>();
    headers.forEach((name, values) ->
        merged
            .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
            .addAll(values));
    return merged;
  }

  /// In our own words: an exception's message may repeat what the service sent.
  private static CollateralServiceException failure(
      ServiceRequest request, @Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException _ ->
          request.failure(Kind.UNREACHABLE, "no connection in time");
      case HttpTimeoutException _ -> request.failure(Kind.SILENT, "no reply in time");
      case ConnectException _ -> request.failure(Kind.UNREACHABLE, "connection refused");
      case SSLException _ -> request.failure(Kind.TLS, "no secure connection to the named host");
      case null, default ->
          request.failure(Kind.BROKEN, "the connection broke, or the reply is no HTTP");
    };
  }

  private void requireAddress(ServiceRequest request)
      throws CollateralServiceException, InterruptedException {
    String host = request.uri().getHost();
    if (LITERAL.matcher(host).matches()) {
      return;
    }
    // The system's resolver has its own idea of patience.
    FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> InetAddress.getAllByName(host));
    Thread.ofVirtual().start(lookup);
    try {
      for (InetAddress address : lookup.get(connectTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
        requireOrdinary(request, address);
      }
    } catch (TimeoutException e) {
      throw request.failure(Kind.UNREACHABLE, "the name of the host does not resolve in time");
    } catch (ExecutionException e) {
      throw request.failure(Kind.UNREACHABLE, "the name of the host does not resolve");
    }
  }

  static void requireOrdinary(ServiceRequest request, InetAddress address)
      throws CollateralServiceException {
    if (address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress()) {
      throw request.failure(
          Kind.REFUSED_ADDRESS,
          "the name of the host leads to a link-local, multicast or unspecified address");
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
