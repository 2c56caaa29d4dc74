package dev.holdfast.daemon;

import dev.holdfast.daemon.config.ConfigurationReader;
import dev.holdfast.daemon.config.NodeConfiguration;
import dev.holdfast.daemon.config.NodeConfiguration.LogFormat;
import dev.holdfast.daemon.log.NodeLog;
import dev.holdfast.daemon.runtime.AnswerFilter;
import dev.holdfast.daemon.runtime.MonotonicTime;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/// A whole node of this process, on simulated evidence, alone in its registry: its store opens, and
/// it waits for others to take its shares.
final class RealNode implements AutoCloseable {
  static final String NAME = "node-of-the-test";
  static final String ZONE = "zone-of-the-test";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final int port = freePort();
  private final Path folder;
  private final Future<Daemon.End> end;

  /// @param more lines of the configuration
  RealNode(Path folder, String... more) throws Exception {
    this.folder = folder;
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    DevelopmentVendor vendor = DevelopmentVendor.generate(random, now);
    Files.write(folder.resolve("vendor.json"), vendor.toJson().toArray());
    Files.write(
        folder.resolve("collateral.json"),
        vendor.collateral(CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, now)).toArray());
    Files.createDirectory(folder.resolve("members"));
    NodeConfiguration configuration = configuration(String.join("\n", more));
    end = thread.submit(() -> Daemon.run(configuration, AnswerFilter.NONE, nodeLog()));
  }

  private NodeConfiguration configuration(String more) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("node.toml"),
            """
            data-dir = "data"
            listen = "127.0.0.1:%d"
            collateral-file = "collateral.json"
            evidence = "simulated"
            insecure-simulated-platform = true
            labels.name = "%s"
            labels.zone = "%s"
            registry.folder = "members"
            simulated.vendor-file = "vendor.json"
            %s
            """
                .formatted(port, NAME, ZONE, more));
    return ConfigurationReader.read(Optional.of(file), Map.of());
  }

  private NodeLog nodeLog() {
    return new NodeLog(
        new PrintStream(log, true, StandardCharsets.UTF_8), LogFormat.TEXT, new MonotonicTime());
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  Path folder() {
    return folder;
  }

  /// The account that the node made for itself, once its record is in the registry.
  String account() throws IOException {
    try (var files = Files.list(folder.resolve("members"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9a-f]{64}\\.json"))
          .map(name -> name.substring(0, 64))
          .findFirst()
          .orElseThrow();
    }
  }

  /// What `path` on the peers' address answers with once that is as wanted.
  String await(String path, Predicate<String> wanted) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    long until = System.nanoTime() + PATIENCE.toNanos();
    String seen = "";
    while (System.nanoTime() < until) {
      if (end.isDone()) {
        throw new AssertionError("the node ended: " + log.toString(StandardCharsets.UTF_8));
      }
      try {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        seen = answer.body();
        if (answer.statusCode() == 200 && wanted.test(seen)) {
          return seen;
        }
      } catch (IOException e) {
        seen = e.toString();
      }
      Thread.sleep(50);
    }
    throw new AssertionError("not as wanted: " + seen);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    thread.close();
    client.close();
    if (!end.state().equals(Future.State.SUCCESS)) {
      throw new AssertionError(log.toString(StandardCharsets.UTF_8), end.exceptionNow());
    }
  }
}
