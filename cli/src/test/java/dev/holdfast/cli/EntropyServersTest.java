package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.account.Ss58;
import dev.holdfast.entropy.chain.ChainServer;
import dev.holdfast.entropy.development.ChainStub;
import dev.holdfast.entropy.development.DevelopmentChain;
import dev.holdfast.entropy.server.V1Node;
import dev.holdfast.entropy.v1.JsonBytes;
import dev.holdfast.entropy.v1.ProviderDetails;
import dev.holdfast.entropy.v1.Quote;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two servers of the v1 profile as people run them: processes, sockets, `kill -9`, and a chain
/// that is simulated but for its wire.
@Tag("slow")
final class EntropyServersTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient client = HttpClient.newHttpClient();
  private final DevelopmentChain chain = new DevelopmentChain();
  private final List<Process> processes = new ArrayList<>();
  private ChainStub stub;

  @TempDir Path folder;

  private record Server(Process process, String url) {
    int port() {
      return URI.create(url).getPort();
    }
  }

  @BeforeEach
  void startChain() throws IOException {
    stub = ChainStub.start(chain, 0);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    stub.close();
  }

  @Test
  void servers_killedAndStartedAgain_recoverFromEachOther() throws Exception {
    chain.accepted(List.of(mockMeasurement())).produce().finalise();
    Server one = start("one", 0);
    Server two = start("two", 0);
    Bytes accountOne = account(one);
    Bytes accountTwo = account(two);
    assertNotEquals(accountOne, accountTwo);
    assertFalse(info(one).bool("ready"));

    register(1, one);
    register(2, two);
    awaitReady(one);
    awaitReady(two);
    assertEquals(two.port(), details("one").provider().endpoint().port());
    assertEquals(one.port(), details("two").provider().endpoint().port());

    Server oneAgain = restart(one, "one");
    awaitReady(oneAgain);
    assertEquals(accountOne, account(oneAgain));

    // The first one's deposits were in its store, so the second comes back as well.
    Server twoAgain = restart(two, "two");
    awaitReady(twoAgain);
    assertEquals(accountTwo, account(twoAgain));
    attestsOnceTheChainAsks(twoAgain);
  }

  private void attestsOnceTheChainAsks(Server server) throws Exception {
    assertEquals(400, get(server, "/v1/attest?context=nonsense").statusCode());
    assertTrue(stub.submitted().isEmpty());
    assertEquals(503, get(server, "/v1/attest?context=validate").statusCode());
    assertEquals(503, get(server, "/v1/attest?context=validate").statusCode());
    assertEquals(1, stub.submitted().size());
    chain.produce().finalise();
    HttpResponse<byte[]> quote = get(server, "/v1/attest?context=validate");
    assertEquals(200, quote.statusCode());
    assertFalse(Quote.parse(Bytes.copyOf(quote.body())).debug());
  }

  private Server restart(Server server, String name) throws Exception {
    server.process().destroyForcibly().waitFor();
    return start(name, server.port());
  }

  private Server start(String name, int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.holdfast.cli.Main", "insecure-entropy"));
    command.addAll(List.of("--data-dir", folder.resolve(name).toString()));
    command.addAll(List.of("--listen", "127.0.0.1:" + port));
    command.addAll(List.of("--chain", "ws://127.0.0.1:" + stub.port()));
    command.addAll(List.of("--genesis", chain.genesis().toHex(), "--insecure-mock-quotes"));
    Path errors = folder.resolve(name + ".errors");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    processes.add(process);
    String url = process.inputReader(StandardCharsets.UTF_8).readLine();
    assertTrue(url != null && url.startsWith("http://127.0.0.1:"), Files.readString(errors));
    return new Server(process, url);
  }

  private void register(int number, Server server) throws Exception {
    JsonObject info = info(server);
    Account stash = stash(number);
    List<Account> stashes = new ArrayList<>();
    for (int i = 1; i <= number; i++) {
      stashes.add(stash(i));
    }
    Account account = Ss58.parse(info.string("account_id"));
    chain
        .validators(stashes)
        .balance(account, V1Node.MIN_BALANCE)
        .server(
            stash,
            new ChainServer(
                account,
                JsonBytes.parseKey(info.member("x25519_public_key"), 32),
                Bytes.utf8("127.0.0.1:" + server.port()),
                Bytes.EMPTY))
        .produce()
        .finalise();
  }

  private static Account stash(int number) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) number;
    return new Account(Bytes.copyOf(bytes));
  }

  private static Bytes mockMeasurement() throws Exception {
    return Bytes.parseHex("5bac60d182a0a7ae98b8c11b583b75eb4a27c24593488119e018bd67e0146b74");
  }

  private ProviderDetails details(String name) throws Exception {
    return ProviderDetails.parse(
        Bytes.copyOf(Files.readAllBytes(folder.resolve(name).resolve(ProviderDetails.FILE))));
  }

  private Bytes account(Server server) throws Exception {
    return Ss58.parse(info(server).string("account_id")).bytes();
  }

  private JsonObject info(Server server) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      HttpResponse<byte[]> answer = get(server, "/v1/info");
      if (answer.statusCode() == 200) {
        return Json.parse(answer.body()).asObject();
      }
      requireTime(server, end);
    }
  }

  private void awaitReady(Server server) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!info(server).bool("ready")) {
      requireTime(server, end);
    }
  }

  private void requireTime(Server server, long end) throws Exception {
    assertTrue(System.nanoTime() < end, () -> server + " " + errors());
    assertTrue(server.process().isAlive(), () -> server + " " + errors());
    TimeUnit.MILLISECONDS.sleep(50);
  }

  private String errors() {
    StringBuilder all = new StringBuilder();
    for (String name : List.of("one", "two")) {
      try {
        all.append(Files.readString(folder.resolve(name + ".errors")));
      } catch (IOException e) {
        all.append(name).append(": none");
      }
    }
    return all.toString();
  }

  private HttpResponse<byte[]> get(Server server, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(PATIENCE).build(),
        BodyHandlers.ofByteArray());
  }
}
