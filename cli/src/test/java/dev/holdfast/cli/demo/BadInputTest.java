package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a stranger can send to a real node process: each gets its distinct answer, and the node
/// keeps serving.
@Tag("slow")
final class BadInputTest {
  private static Fleet fleet;
  private static DemoNode node;

  @BeforeAll
  static void start() throws Exception {
    fleet = Fleet.create(new SecureRandom(), Instant.now());
    node = fleet.add("node-a", "machine-a", "holdfast");
    node.start("node");
    fleet.await(node, "open", Duration.ofSeconds(40), NodeStatus::storeOpen);
  }

  @AfterAll
  static void stop() throws Exception {
    node.kill();
    fleet.delete();
  }

  @AfterEach
  void nodeKeepsServing() throws Exception {
    assertEquals(200, send("GET", "/healthz/live", new byte[0]).status());
    assertTrue(node.running());
  }

  private record Answer(int status, String head, String body) {
    String code() throws Exception {
      JsonObject problem = Json.parse(body.getBytes(StandardCharsets.UTF_8)).asObject();
      assertEquals(status, problem.integer("status", 100, 599));
      return problem.string("code");
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static Answer send(String method, String path, byte[] body) throws IOException {
    String head =
        "%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, path, body.length);
    try (Socket socket = connect()) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      try {
        socket.getOutputStream().write(body);
      } catch (IOException e) {
        // The node may answer and close before it has read everything.
      }
      return answer(socket);
    }
  }

  private static Answer answer(Socket socket) throws IOException {
    String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    String[] parts = all.split("\r\n\r\n", 2);
    return new Answer(Integer.parseInt(all.substring(9, 12)), parts[0], parts[1]);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String path(Route route) {
    return route.hasDigest() ? route.path() + "/" + "0".repeat(64) : route.path();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"type\":\"x\"}",
        "{\"type\":\"challenge-request\",\"version\":1}",
        "{\"type\":\"challenge-request\",\"version\":1,\"account\":\"AAAA\"}",
        "{\"a\":1,\"a\":1}",
        "\u0000\u0001\u0002",
      })
  void body_malformed_isItsOwnRefusal(String body) throws Exception {
    for (Route route : Route.values()) {
      if (route.method().equals("POST")) {
        Answer answer = send("POST", path(route), text(body));
        assertEquals("malformed-message", answer.code(), route + " " + answer.body());
        assertEquals(400, answer.status());
      }
    }
  }

  @Test
  void message_ofAnotherVersion_isItsOwnRefusal() throws Exception {
    Answer answer =
        send("POST", "/v1/challenge", text("{\"type\":\"challenge-request\",\"version\":2}"));
    assertTrue(
        answer.code().equals("unsupported-version") || answer.code().equals("malformed-message"),
        answer.body());
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void body_onePastItsLimit_isItsOwnRefusal(Route route) throws Exception {
    Answer answer = send(route.method(), path(route), new byte[route.maxBodyBytes() + 1]);
    assertEquals(413, answer.status(), answer.body());
    assertEquals("body-too-large", answer.code());
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void body_atItsLimit_isReadAndJudged(Route route) throws Exception {
    Answer answer = send(route.method(), path(route), new byte[route.maxBodyBytes()]);
    assertTrue(answer.status() != 413, answer.body());
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void method_wrong_isItsOwnRefusal(Route route) throws Exception {
    assertEquals("method-not-allowed", send("DELETE", path(route), new byte[0]).code());
  }

  @Test
  void route_unknown_isItsOwnRefusal() throws Exception {
    assertEquals("unknown-route", send("POST", "/v1/nothing", new byte[0]).code());
    assertEquals("unknown-route", send("GET", "/v1/../healthz", new byte[0]).code());
  }

  @Test
  void collateral_withBadDigest_isItsOwnRefusal() throws Exception {
    assertTrue(send("GET", "/v1/collateral/xyz", new byte[0]).status() >= 400);
    assertEquals(
        "collateral-malformed", send("PUT", "/v1/collateral/" + "0".repeat(64), text("{}")).code());
  }

  @Test
  void answer_toStranger_holdsTheCodeOnly() throws Exception {
    Answer answer = send("POST", "/v1/recover", text("{"));
    assertTrue(!answer.body().contains("detail"), answer.body());
    assertTrue(!answer.head().contains("Server:"), answer.head());
  }

  @Test
  void body_truncated_leavesTheNodeServing() throws Exception {
    try (Socket socket = connect()) {
      String head = "POST /v1/recover HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    }
    assertEquals(200, send("GET", "/metrics", new byte[0]).status());
  }

  @Test
  void headers_tooLarge_areRefused() throws Exception {
    try (Socket socket = connect()) {
      String head =
          "GET /healthz/live HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      assertEquals(400, answer(socket).status() / 100 * 100);
    }
  }

  @Test
  void bytes_thatAreNoHttp_areRefused() throws Exception {
    byte[] noise = new byte[4096];
    new SecureRandom().nextBytes(noise);
    try (Socket socket = connect()) {
      socket.getOutputStream().write(noise);
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // Closed in the middle, which is an answer too.
    }
    assertEquals(200, send("GET", "/healthz/startup", new byte[0]).status());
  }

  @Test
  void connections_thatSayNothing_doNotKeepOthersOut() throws Exception {
    Socket[] silent = new Socket[100];
    for (int i = 0; i < silent.length; i++) {
      silent[i] = connect();
    }
    try {
      assertEquals(200, send("GET", "/healthz/live", new byte[0]).status());
      assertEquals(503, send("GET", "/healthz/ready", new byte[0]).status());
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void metrics_ofNode_areInPrometheusForm() throws Exception {
    Answer answer = send("GET", "/metrics", new byte[0]);
    assertTrue(answer.body().contains("holdfast_store_open 1\n"), answer.body());
    assertTrue(answer.body().contains("holdfast_insecure_simulated_platform 1\n"), answer.body());
    assertEquals(Limits.BODY_MAX_BYTES, Route.CHALLENGE.maxBodyBytes());
  }
}
