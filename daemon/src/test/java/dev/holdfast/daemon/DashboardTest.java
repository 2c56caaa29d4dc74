package dev.holdfast.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.daemon.local.LocalClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of a real node, over its real sockets.
final class DashboardTest {
  @TempDir Path folder;
  private int port;
  private RealNode node;

  @BeforeEach
  void start() throws Exception {
    port = RealNode.freePort();
    node = new RealNode(folder, "dashboard.listen = \"127.0.0.1:%d\"".formatted(port));
    node.await("/metrics", text -> text.contains("holdfast_state{state=\"backing-up\"} 1\n"));
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  /// Sends `request` as it is and reads until the server closes.
  private static String raw(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String get(int port, String path, String host) throws IOException {
    return raw(
        port, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }

  private static void assertStatus(int status, String answer) {
    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
  }

  @Test
  void page_onLoopback_showsTheNode() throws Exception {
    String answer = get(port, "/", "127.0.0.1:" + port);
    assertStatus(200, answer);
    assertTrue(answer.contains("INSECURE: this node protects nothing"), answer);
    assertTrue(answer.contains("<strong>backing-up</strong>"), answer);
    assertTrue(answer.contains(RealNode.NAME + " (this node)"), answer);
    assertTrue(answer.contains(RealNode.ZONE), answer);
    assertFalse(answer.contains("<script"), answer);
    assertFalse(answer.contains("http-equiv"), answer);
    assertTrue(get(port, "/live", "localhost").contains("http-equiv=\"refresh\""));
  }

  /// The browser is told to load nothing and to apply this very style only.
  @Test
  void headers_ofThePage_allowItsOwnStyleAndNothingElse() throws Exception {
    String answer = get(port, "/", "localhost:" + port);
    String style = answer.substring(answer.indexOf("<style>") + 7, answer.indexOf("</style>"));
    String digest = Base64.getEncoder().encodeToString(Bytes.utf8(style).sha256().toArray());
    String policy =
        "default-src 'none'; style-src 'sha256-"
            + digest
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    for (String header :
        new String[] {
          "Content-Security-Policy: " + policy,
          "X-Content-Type-Options: nosniff",
          "Referrer-Policy: no-referrer",
          "Cross-Origin-Resource-Policy: same-origin",
          "Cache-Control: no-store"
        }) {
      assertTrue(answer.contains("\r\n" + header + "\r\n"), header + " in " + answer);
    }
  }

  /// What a browser sends after a page of the internet had its own name lead to this machine.
  @Test
  void page_underAForeignName_isNotGiven() throws Exception {
    for (String host :
        new String[] {
          "attacker.example",
          "attacker.example:" + port,
          "127.0.0.1.attacker.example",
          "localhost.attacker.example",
          "attacker.example@127.0.0.1",
          "10.0.0.7:" + port
        }) {
      String answer = get(port, "/", host);
      assertFalse(answer.contains(RealNode.NAME), answer);
      assertFalse(answer.startsWith("HTTP/1.1 200"), answer);
    }
    assertStatus(421, get(port, "/", "attacker.example"));
    assertStatus(200, get(port, "/", "[::1]:" + port));
  }

  @Test
  void page_withTwoHostsOrNone_isNotGiven() throws Exception {
    String two =
        raw(
            port,
            String.join(
                "\r\n",
                "GET / HTTP/1.1",
                "Host: localhost",
                "Host: attacker.example",
                "Connection: close",
                "",
                ""));
    assertFalse(two.contains(RealNode.NAME), two);
    String none = raw(port, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    assertFalse(none.contains(RealNode.NAME), none);
  }

  @Test
  void address_ofThePage_servesNothingElse() throws Exception {
    for (String path : new String[] {"/v1/secrets", "/v1/status", "/metrics", "/v1/shutdown"}) {
      assertStatus(404, get(port, path, "127.0.0.1:" + port));
    }
    String post =
        raw(
            port,
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assertStatus(405, post);
  }

  /// Strangers reach that address: it names nobody.
  @Test
  void peerAddress_askedForThePage_hasNone() throws Exception {
    assertStatus(404, get(node.port(), "/", "127.0.0.1:" + node.port()));
    assertStatus(404, get(node.port(), "/v1/dashboard", "127.0.0.1:" + node.port()));
  }

  @Test
  void localSocket_servesThePageAlone() throws Exception {
    LocalClient local =
        new LocalClient(folder.resolve("data/local/node.sock"), Duration.ofSeconds(10));
    try (LocalClient.Answer answer = local.call("GET", "/v1/dashboard")) {
      String page = new String(answer.bytes().toArray(), StandardCharsets.UTF_8);
      assertEquals(200, answer.status());
      assertTrue(page.contains("<strong>backing-up</strong>"), page);
      assertFalse(page.contains("href=\"/live\""), page);
    }
  }
}
