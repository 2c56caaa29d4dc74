package dev.holdfast.entropy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.entropy.v1.DevelopmentAccount;
import dev.holdfast.entropy.v1.EncryptedSignedMessage;
import dev.holdfast.entropy.v1.ProviderDetails;
import dev.holdfast.entropy.v1.ServerInfo;
import dev.holdfast.entropy.v1.TssKeys;
import dev.holdfast.protocol.Endpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a server on a real socket can do to one who asks it: refuse, be silent, be slow, lie.
final class V1ClientTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration DEADLINE = Duration.ofMillis(700);
  private static final Duration AMPLE = Duration.ofSeconds(30);

  private final TssKeys alice = DevelopmentAccount.ALICE.keys();
  private final TssKeys bob = DevelopmentAccount.BOB.keys();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Queue<String> requested = new ConcurrentLinkedQueue<>();
  private ServerSocket listening;

  private interface Behaviour {
    void answer(OutputStream out) throws IOException, InterruptedException;
  }

  @BeforeEach
  void listen() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    over.countDown();
    listening.close();
    alice.close();
    bob.close();
  }

  @Test
  void deposit_serverTakesIt_returns() throws Exception {
    serve(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));

    deposit(AMPLE);

    assertEquals("POST /v1/backup_encryption_key HTTP/1.1", requested.peek());
  }

  @Test
  void deposit_connectionRefused_saysSo() throws Exception {
    listening.close();

    assertFails(AMPLE, "no connection");
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 400, 413, 429, 500, 503})
  void deposit_anyStatusButOk_isNoDeposit(int status) throws Exception {
    serve(out -> write(out, "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n"));

    assertFails(AMPLE, "the server answered " + status);
  }

  /// A redirect would carry the deposit, or the quote, to whomever the server names (G19).
  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void deposit_redirect_isNotFollowed(int status) throws Exception {
    int port = listening.getLocalPort();
    serve(out ->
        write(
            out,
            """
            HTTP/1.1 %d Elsewhere\r
            Location: http://127.0.0.1:%d/elsewhere\r
            Content-Length: 0\r
            \r
            """
                .formatted(status, port)));

    assertFails(AMPLE, "the server answered " + status);
    assertEquals(1, connections.get());
    assertEquals(1, requested.size());
  }

  @Test
  void deposit_silentServer_isGivenUp() throws Exception {
    serve(out -> over.await());

    assertFails(DEADLINE, "");
  }

  /// A byte now and then must not keep the call alive: its deadline is over the whole answer.
  @Test
  void deposit_answerThatNeverEnds_isGivenUp() throws Exception {
    serve(out -> {
      write(out, "HTTP/1.1 200 OK\r\nContent-Length: 16000\r\n\r\n");
      while (over.getCount() > 0) {
        write(out, "x");
        Thread.sleep(20);
      }
    });

    assertFails(DEADLINE, "no answer in time");
  }

  @Test
  void deposit_headersThatNeverEnd_areGivenUp() throws Exception {
    serve(out -> {
      write(out, "HTTP/1.1 200 OK\r\n");
      for (int i = 0; over.getCount() > 0; i++) {
        write(out, "x-" + i + ": y\r\n");
        Thread.sleep(20);
      }
    });

    assertFails(DEADLINE, "");
  }

  @Test
  void deposit_oversizeAnswer_isRefused() throws Exception {
    serve(out -> {
      int size = EncryptedSignedMessage.MAX_SIZE + 1;
      write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
      write(out, "x".repeat(size));
    });

    assertFails(AMPLE, "the answer is too long");
  }

  @Test
  void recover_garbage_isRefused() throws Exception {
    serve(out -> body(out, "{\"hpke_message\": 7}"));

    assertRecoveryFails("the provider's answer: ");
  }

  /// Well formed and genuinely signed, but sealed to another key than this attempt's: an answer of
  /// an earlier attempt, played again (G9).
  @Test
  void recover_answerSealedToAnotherKey_isRefused() throws Exception {
    String sealed;
    try (SecretBytes nonce = SecretBytes.generate(32, RANDOM)) {
      Bytes another = alice.encryption().publicKey();
      sealed =
          new String(
              EncryptedSignedMessage.seal(nonce, bob.signing(), another, RANDOM).toJson().toArray(),
              StandardCharsets.UTF_8);
    }
    serve(out -> body(out, sealed));

    assertRecoveryFails("the provider's answer: ");
  }

  private void deposit(Duration deadline) throws Exception {
    try (V1Client client = new V1Client(deadline, RANDOM);
        SecretBytes key = SecretBytes.generate(32, RANDOM)) {
      client.deposit(provider(here()), key, alice);
    }
  }

  private void assertFails(Duration deadline, String part) {
    IOException failure = assertThrows(IOException.class, () -> deposit(deadline));
    assertSays(part, failure);
    assertSays("/v1/backup_encryption_key: ", failure);
  }

  private void assertRecoveryFails(String part) throws Exception {
    ProviderDetails details = new ProviderDetails(provider(here()), alice.account());
    try (V1Client client = new V1Client(AMPLE, RANDOM)) {
      assertSays(
          part,
          assertThrows(
              IOException.class, () -> client.recover(details, Quoting.mock(RANDOM)).close()));
    }
  }

  private static void assertSays(String part, IOException failure) {
    assertTrue(String.valueOf(failure.getMessage()).contains(part), failure::toString);
  }

  private Endpoint here() throws Exception {
    return Endpoint.parse("127.0.0.1:" + listening.getLocalPort());
  }

  private ServerInfo provider(Endpoint endpoint) {
    return new ServerInfo(bob.encryption().publicKey(), endpoint, bob.account());
  }

  private void serve(Behaviour behaviour) {
    Thread.ofVirtual()
        .start(() -> {
          while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
              connections.incrementAndGet();
              readRequest(socket);
              behaviour.answer(socket.getOutputStream());
            } catch (IOException | InterruptedException e) {
              // The client has hung up, or the test is over.
            }
          }
        });
  }

  private void readRequest(Socket socket) throws IOException {
    var in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        return;
      }
      head.append((char) read);
    }
    requested.add(head.substring(0, head.indexOf("\r\n")));
    String lower = head.toString().toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length: ") + "content-length: ".length();
    in.readNBytes(Integer.parseInt(lower.substring(at, lower.indexOf("\r\n", at)).strip()));
  }

  private static void body(OutputStream out, String json) throws IOException {
    write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + json.length() + "\r\n\r\n" + json);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
