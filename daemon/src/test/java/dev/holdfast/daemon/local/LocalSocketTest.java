package dev.holdfast.daemon.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.http.HttpLimits;
import dev.holdfast.daemon.http.Reply;
import dev.holdfast.daemon.http.Route;
import dev.holdfast.daemon.http.RouteTable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalSocketTest {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("local/node.sock");
  }

  private static RouteTable echo() {
    return new RouteTable(
        List.of(
            Route.post("/echo", 1 << 20, request -> Reply.secret(request.takeSecretBody())),
            Route.get("/status", request -> Reply.text("text/plain", "fine"))),
        HttpLimits.defaults(),
        bug -> {});
  }

  @Test
  void call_withBinaryBody_comesBackWhole() throws Exception {
    byte[] body = new byte[100_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) i;
    }
    try (LocalSocket server = LocalSocket.serve(path(), echo());
        SecretBytes secret = SecretBytes.copyOf(body);
        LocalClient.Answer answer =
            new LocalClient(server.path(), DEADLINE).call("POST", "/echo", secret)) {
      assertEquals(200, answer.status());
      assertTrue(answer.body().sameAs(secret));
    }
    assertFalse(Files.exists(path()));
  }

  @Test
  void folder_made_isOwnerOnly() throws Exception {
    try (LocalSocket server = LocalSocket.serve(path(), echo())) {
      assertEquals(path(), server.path());
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("local"))));
    }
  }

  @Test
  void socketFile_leftByKilledProcess_isReplaced() throws Exception {
    Files.createDirectories(path().getParent());
    try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      killed.bind(UnixDomainSocketAddress.of(path()));
    }
    assertTrue(Files.exists(path()));
    try (LocalSocket server = LocalSocket.serve(path(), echo());
        LocalClient.Answer answer =
            new LocalClient(server.path(), DEADLINE).call("GET", "/status")) {
      assertEquals(
          "fine", new String(answer.bytes().toArray(), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Test
  void socket_inUse_isLeftAlone() throws Exception {
    try (LocalSocket server = LocalSocket.serve(path(), echo())) {
      assertThrows(IOException.class, () -> LocalSocket.serve(path(), echo()));
      try (LocalClient.Answer answer =
          new LocalClient(server.path(), DEADLINE).call("GET", "/status")) {
        assertEquals(Bytes.copyOf(new byte[] {'f', 'i', 'n', 'e'}), answer.bytes());
      }
    }
  }

  @Test
  void client_withoutNode_failsAtOnce() {
    assertThrows(
        IOException.class, () -> new LocalClient(path(), DEADLINE).call("GET", "/status").close());
  }

  @Test
  void client_withSilentNode_stopsAtItsDeadline() throws Exception {
    Files.createDirectories(path().getParent());
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(path()));
      LocalClient client = new LocalClient(path(), Duration.ofMillis(200));
      IOException e = assertThrows(IOException.class, () -> client.call("GET", "/status").close());
      assertEquals("the node does not answer in time", e.getMessage());
    }
  }
}
