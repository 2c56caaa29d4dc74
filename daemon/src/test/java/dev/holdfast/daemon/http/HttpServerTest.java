package dev.holdfast.daemon.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.HttpReply.Answered;
import dev.holdfast.protocol.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpServerTest {
  private static final int LIMIT = 10_000;
  private static final int MAX_ANSWER = 100_000;

  private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch leave = new CountDownLatch(1);
  private HttpServer server;
  private PeerClient client;

  @BeforeEach
  void start() throws IOException {
    HttpLimits limits = new HttpLimits(16, 1, 2048, Duration.ofMillis(800));
    List<Route> routes =
        List.of(
            Route.health("/healthz/live", request -> Reply.text("text/plain", "live\n")),
            Route.post("/v1/size", LIMIT, this::size),
            Route.get("/v1/thing/{name}", r -> Reply.text("text/plain", r.parameter())),
            Route.get("/v1/slow", request -> slow()),
            Route.get(
                "/v1/bug",
                request -> {
                  throw new InvariantError("broken");
                }));
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HttpServer.start(any, new RouteTable(routes, limits, bugs::add));
    client = new PeerClient();
  }

  @AfterEach
  void stop() {
    leave.countDown();
    client.close();
    server.close();
  }

  private Reply size(Request request) {
    return Reply.text("text/plain", Integer.toString(request.body().size()));
  }

  private Reply slow() throws InterruptedException {
    entered.countDown();
    leave.await();
    return Reply.noContent();
  }

  private Answered call(String method, String path, Bytes body) throws InterruptedException {
    Duration deadline = Duration.ofSeconds(5);
    return (Answered) client.call(at(server.port()), method, path, body, MAX_ANSWER, deadline);
  }

  private HttpReply get(Endpoint endpoint, Duration deadline) throws InterruptedException {
    return client.call(endpoint, "GET", "/", Bytes.EMPTY, MAX_ANSWER, deadline);
  }

  private static Endpoint at(int port) {
    return new Endpoint("127.0.0.1", port);
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  /// Sends `request` as it is and reads until the server closes.
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void assertServes() throws InterruptedException {
    assertEquals(200, call("GET", "/healthz/live", Bytes.EMPTY).status());
  }

  @Test
  void body_atLimitAndOnePast_isAcceptedAndRefused() throws Exception {
    assertEquals("10000", text(call("POST", "/v1/size", Bytes.zero(LIMIT)).body()));
    Answered past = call("POST", "/v1/size", Bytes.zero(LIMIT + 1));
    assertEquals(413, past.status());
    assertTrue(text(past.body()).contains("\"code\":\"body-too-large\""), text(past.body()));
    assertServes();
  }

  @Test
  void body_chunkedPastLimit_isRefused() throws Exception {
    String chunk = "1000\r\n" + "x".repeat(4096) + "\r\n";
    String answer =
        raw(
            "POST /v1/size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk.repeat(3)
                + "0\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
    assertServes();
  }

  @Test
  void body_truncated_leavesServerServing() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              "POST /v1/size HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nshort"
                  .getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    }
    assertServes();
  }

  @Test
  void body_neverArriving_endsTheConnection() throws Exception {
    String answer = raw("POST /v1/size HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nshort");
    assertTrue(!answer.contains("HTTP/1.1 200"), answer);
    assertServes();
  }

  @Test
  void body_drippedPastDeadline_endsTheConnection() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(100);
      String head = "POST /v1/size HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      assertThrows(IOException.class, () -> dripUntilClosed(socket));
    }
    assertServes();
  }

  private static void dripUntilClosed(Socket socket) throws IOException {
    for (int i = 0; i < 999; i++) {
      socket.getOutputStream().write('x');
      socket.getOutputStream().flush();
      try {
        if (socket.getInputStream().read() < 0) {
          throw new IOException("closed");
        }
      } catch (SocketTimeoutException e) {
        // Not closed yet: the next byte.
      }
    }
  }

  @Test
  void headers_neverEnding_endTheConnection() throws Exception {
    String answer = raw("GET /healthz/live HTTP/1.1\r\nHost: a\r\n");
    assertTrue(!answer.contains("HTTP/1.1 200"), answer);
    assertServes();
  }

  @Test
  void headers_pastLimit_areRefused() throws Exception {
    String answer =
        raw("GET /healthz/live HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(3000) + "\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
    assertTrue(answer.contains("application/problem+json"), answer);
    assertServes();
  }

  @Test
  void request_notHttp_isRefused() throws Exception {
    String answer = raw("\u0016\u0003\u0001 hello\r\n\r\n");
    assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
    assertServes();
  }

  @Test
  void path_unknown_isProblem404() throws Exception {
    Answered answer = call("GET", "/v1/none", Bytes.EMPTY);
    assertEquals(404, answer.status());
    assertEquals(
        "{\"type\":\"urn:holdfast:problem:unknown-route\",\"title\":\"There is no such route\","
            + "\"status\":404,\"code\":\"unknown-route\",\"retryable\":false}",
        text(answer.body()));
    assertEquals(404, call("GET", "/v1/thing/", Bytes.EMPTY).status());
    assertEquals(404, call("GET", "/v1/thing/a/b", Bytes.EMPTY).status());
  }

  @Test
  void method_wrong_isProblem405() throws Exception {
    Answered answer = call("DELETE", "/v1/size", Bytes.EMPTY);
    assertEquals(405, answer.status());
    assertTrue(text(answer.body()).contains("method-not-allowed"), text(answer.body()));
  }

  @Test
  void parameter_given_reachesHandler() throws Exception {
    assertEquals("abc", text(call("GET", "/v1/thing/abc", Bytes.EMPTY).body()));
  }

  @Test
  void handler_withBug_answers500WithoutItsWords() throws Exception {
    Answered answer = call("GET", "/v1/bug", Bytes.EMPTY);
    assertEquals(500, answer.status());
    assertTrue(!text(answer.body()).contains("broken"), text(answer.body()));
    assertEquals(1, bugs.size());
    assertServes();
  }

  @Test
  void request_pastConcurrencyLimit_isToldToComeBack() throws Exception {
    Thread first =
        Thread.ofVirtual()
            .start(() -> {
              try {
                call("GET", "/v1/slow", Bytes.EMPTY);
              } catch (InterruptedException e) {
                bugs.add(e);
              }
            });
    entered.await();
    Answered second = call("GET", "/v1/thing/abc", Bytes.EMPTY);
    assertEquals(503, second.status());
    assertTrue(text(second.body()).contains("\"retryable\":true"), text(second.body()));
    assertServes();
    leave.countDown();
    first.join();
    assertEquals(200, call("GET", "/v1/thing/abc", Bytes.EMPTY).status());
  }

  @Test
  void port_inUse_isRefused() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
      RouteTable none = new RouteTable(List.of(), HttpLimits.defaults(), bugs::add);
      assertThrows(IOException.class, () -> HttpServer.start(address, none));
    }
  }

  @Test
  void client_withSilentPeer_stopsAtItsDeadline() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(new HttpReply.Silent(), get(at(silent.getLocalPort()), Duration.ofMillis(200)));
    }
  }

  @Test
  void client_linkLocal_isRefused() throws Exception {
    assertEquals(
        new HttpReply.Unreachable("the address is link-local, multicast or unspecified"),
        get(new Endpoint("169.254.169.254", 80), Duration.ofSeconds(1)));
  }

  @Test
  void client_withNobodyThere_isUnreachable() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertEquals(
        new HttpReply.Unreachable("connection refused"), get(at(port), Duration.ofSeconds(5)));
  }

  @Test
  void client_withEndlessAnswer_stopsAtItsBound() throws Exception {
    try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> pour(endless));
      assertEquals(
          new HttpReply.Unreachable("the connection broke, or the answer is too long or no HTTP"),
          get(at(endless.getLocalPort()), Duration.ofSeconds(10)));
    }
  }

  private static void pour(ServerSocket server) {
    byte[] block = new byte[8192];
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 1000; i++) {
        socket.getOutputStream().write(block);
      }
    } catch (IOException e) {
      // The client has had enough, which is what the test is about.
    }
  }
}
