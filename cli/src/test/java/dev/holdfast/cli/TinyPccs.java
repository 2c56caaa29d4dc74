package dev.holdfast.cli;

import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Answers GET on a loopback socket by path, one request for each connection.
final class TinyPccs implements AutoCloseable {
  private final ServerSocket socket;
  private final Map<String, Reply> replies;
  private final List<String> asked = new ArrayList<>();

  /// @param header one whole header line
  record Reply(String header, String body) {}

  private TinyPccs(ServerSocket socket, Map<String, Reply> replies) {
    this.socket = socket;
    this.replies = replies;
  }

  static TinyPccs start(Map<String, Reply> replies) throws IOException {
    TinyPccs pccs =
        new TinyPccs(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), replies);
    Thread.ofVirtual().start(pccs::serve);
    return pccs;
  }

  /// The nine members as a service for this platform has them.
  static Map<String, Reply> replies(String collateral) throws MalformedException {
    JsonObject members = Json.parse(collateral.getBytes(StandardCharsets.UTF_8)).asObject();
    return Map.of(
        "/tdx/certification/v4/tcb",
        signed(members, "tcbInfo", "tcb_info", "TCB-Info-Issuer-Chain"),
        "/tdx/certification/v4/qe/identity",
        signed(members, "enclaveIdentity", "qe_identity", "SGX-Enclave-Identity-Issuer-Chain"),
        "/sgx/certification/v4/pckcrl",
        new Reply(
            "SGX-PCK-CRL-Issuer-Chain: " + encode(members.string("pck_crl_issuer_chain")),
            members.string("pck_crl")),
        "/sgx/certification/v4/rootcacrl",
        new Reply("X: y", members.string("root_ca_crl")));
  }

  private static Reply signed(JsonObject members, String name, String member, String header)
      throws MalformedException {
    return new Reply(
        header + ": " + encode(members.string(member + "_issuer_chain")),
        "{\"%s\":%s,\"signature\":\"%s\"}"
            .formatted(name, members.string(member), members.string(member + "_signature")));
  }

  private static String encode(String pem) {
    return URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20");
  }

  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  List<String> asked() {
    synchronized (asked) {
      return List.copyOf(asked);
    }
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        answer(client);
      } catch (IOException e) {
        // The client went away, or the test is over.
      }
    }
  }

  private void answer(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    String target = String.valueOf(in.readLine()).split(" ", -1)[1];
    while (!String.valueOf(in.readLine()).isEmpty()) {
      // Headers say nothing here.
    }
    synchronized (asked) {
      asked.add(target);
    }
    Reply reply = replies.get(target.split("\\?", 2)[0]);
    String text =
        reply == null
            ? "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nConnection: close\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(reply.header(), reply.body().length(), reply.body());
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
