package dev.holdfast.platform.collateral;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/// A collateral service on a real loopback socket that answers what it was given, and counts.
final class MockPccs implements AutoCloseable {
  static final String TCB = "TCB-Info-Issuer-Chain";
  static final String IDENTITY = "SGX-Enclave-Identity-Issuer-Chain";
  static final String CRL = "SGX-PCK-CRL-Issuer-Chain";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /// @param headers name and value, a name may come twice
  /// @param silent nothing is answered until the server closes
  record Answer(int status, List<Map.Entry<String, String>> headers, Bytes body, boolean silent) {
    static Answer of(int status, Bytes body) {
      return new Answer(status, List.of(), body, false);
    }

    static Answer of(int status) {
      return of(status, ascii("nothing to see"));
    }

    Answer with(String name, String value) {
      List<Map.Entry<String, String>> more = new ArrayList<>(headers);
      more.add(Map.entry(name, value));
      return new Answer(status, more, body, silent);
    }

    Answer without(String name) {
      List<Map.Entry<String, String>> less = new ArrayList<>(headers);
      less.removeIf(header -> header.getKey().equals(name));
      return new Answer(status, less, body, silent);
    }

    Answer withBody(Bytes value) {
      return new Answer(status, headers, value, silent);
    }

    Answer silently() {
      return new Answer(status, headers, body, true);
    }

    String header(String name) {
      return headers.stream()
          .filter(header -> header.getKey().equals(name))
          .findFirst()
          .orElseThrow()
          .getValue();
    }
  }

  private MockPccs(HttpServer server) {
    this.server = server;
  }

  static MockPccs start() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    MockPccs mock = new MockPccs(HttpServer.create(any, 0));
    mock.server.createContext("/", mock::answer);
    mock.server.setExecutor(mock.threads);
    mock.server.start();
    return mock;
  }

  ServiceUrl url() {
    return url("");
  }

  ServiceUrl url(String prefix) {
    try {
      return ServiceUrl.parse("http://127.0.0.1:" + server.getAddress().getPort() + prefix);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// Answers `path?query`; the order and the case of the query do not matter.
  void put(String pathAndQuery, Answer answer) {
    answers.put(normal(pathAndQuery), answer);
  }

  void change(String pathAndQuery, UnaryOperator<Answer> change) {
    answers.compute(normal(pathAndQuery), (_, answer) -> change.apply(answer));
  }

  Answer answer(String pathAndQuery) {
    return java.util.Objects.requireNonNull(answers.get(normal(pathAndQuery)));
  }

  /// Answers `answer` to everything.
  void putEverywhere(Answer answer) {
    answers.replaceAll((_, _) -> answer);
  }

  /// Serves the nine members of `collateral` to whoever asks for `key`.
  void serve(CollateralKey key, Bytes collateral) {
    JsonObject members;
    try {
      members = Json.parse(collateral).asObject();
      put(
          tcbPath(key),
          document("tcbInfo", members, "tcb_info")
              .with(TCB, encode(members.string("tcb_info_issuer_chain"))));
      put(
          identityPath(key),
          document("enclaveIdentity", members, "qe_identity")
              .with(IDENTITY, encode(members.string("qe_identity_issuer_chain"))));
      put(
          pckCrlPath(key),
          Answer.of(200, Bytes.parseHex(members.string("pck_crl")))
              .with(CRL, encode(members.string("pck_crl_issuer_chain"))));
      put(ROOT_CRL, Answer.of(200, ascii(members.string("root_ca_crl"))));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static final String ROOT_CRL = "/sgx/certification/v4/rootcacrl";

  static String tcbPath(CollateralKey key) {
    return "/%s/certification/v4/tcb?fmspc=%s%s"
        .formatted(key.technology(), key.fmspc().toHex(), early(key, "&"));
  }

  static String identityPath(CollateralKey key) {
    return "/%s/certification/v4/qe/identity%s".formatted(key.technology(), early(key, "?"));
  }

  static String pckCrlPath(CollateralKey key) {
    return "/sgx/certification/v4/pckcrl?ca=%s&encoding=der".formatted(key.ca().code());
  }

  private static String early(CollateralKey key, String separator) {
    return key.update() == TcbUpdate.Channel.EARLY ? separator + "update=early" : "";
  }

  private static Answer document(String name, JsonObject members, String member)
      throws MalformedException {
    String body =
        "{\"%s\":%s,\"signature\":\"%s\"}"
            .formatted(name, members.string(member), members.string(member + "_signature"));
    return Answer.of(200, ascii(body));
  }

  static String encode(String pem) {
    return URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20");
  }

  static Bytes ascii(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }

  /// Every request so far, as `path?query`.
  List<String> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String asked = exchange.getRequestURI().toString();
      synchronized (requests) {
        requests.add(asked);
      }
      Answer answer = answers.getOrDefault(normal(asked), Answer.of(404));
      if (answer.silent()) {
        closing.await();
        return;
      }
      answer.headers().forEach(h -> exchange.getResponseHeaders().add(h.getKey(), h.getValue()));
      int length = answer.body().size();
      exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(answer.body().toArray());
      } catch (IOException e) {
        // The client went away, on purpose.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String normal(String pathAndQuery) {
    String[] parts = pathAndQuery.toLowerCase(Locale.ROOT).split("\\?", 2);
    String[] query = parts.length == 2 ? parts[1].split("&", -1) : new String[0];
    Arrays.sort(query);
    return parts[0] + "?" + String.join("&", query);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
