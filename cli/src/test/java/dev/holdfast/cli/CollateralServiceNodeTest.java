package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.console.Exit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole node whose collateral comes from a service.
final class CollateralServiceNodeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestTerminal terminal = new TestTerminal();
  private final ExecutorService node = Executors.newSingleThreadExecutor();

  @TempDir Path folder;
  private TinyPccs pccs;

  @BeforeEach
  void makeVendorAndService() throws Exception {
    assertEquals(
        Exit.OK,
        terminal.runNow("simulator", "init", folder.resolve("vendor").toString()),
        terminal.err());
    Files.createDirectory(folder.resolve("members"));
    pccs =
        TinyPccs.start(
            TinyPccs.replies(Files.readString(folder.resolve("vendor/collateral.json"))));
  }

  @AfterEach
  void stopAll() throws IOException {
    node.shutdownNow();
    if (pccs != null) {
      pccs.close();
    }
  }

  private Future<Integer> start() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Path config =
        Files.writeString(
            folder.resolve("node.toml"),
            """
            data-dir = "data"
            listen = "127.0.0.1:%d"
            collateral-service = "%s"
            evidence = "simulated"
            insecure-simulated-platform = true
            fencing.lease-millis = 2000
            registry.folder = "members"
            simulated.vendor-file = "vendor/vendor.json"
            """
                .formatted(port, pccs.url()));
    return node.submit(() -> terminal.runNow("node", "--config", config.toString()));
  }

  @Test
  void node_withAService_learnsItsPlatformAndKeepsWhatItFetched() throws Exception {
    Future<Integer> running = start();
    await(folder.resolve("data/collateral/floors.json"), running);

    try (var files = Files.list(folder.resolve("data/collateral"))) {
      assertTrue(
          files.anyMatch(
              file -> file.getFileName().toString().endsWith("-platform-standard.json")));
    }
    assertEquals(4, pccs.asked().size(), pccs.asked()::toString);
  }

  @Test
  void node_serviceDown_startsAndRunsAllTheSame() throws Exception {
    pccs.close();
    Future<Integer> running = start();
    await(folder.resolve("data/local/node.sock"), running);

    assertFalse(running.isDone());
  }

  private static void await(Path file, Future<Integer> running) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file)) {
      assertFalse(running.isDone(), "the node ended");
      assertTrue(System.nanoTime() < end, "no " + file);
      Thread.sleep(50);
    }
  }
}
