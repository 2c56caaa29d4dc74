package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.cli.PageShell;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.local.LocalClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/// Four real node processes, all ready, under the usual posture or one that names keys; and a shell
/// in their folder, with the keys, for commands that pages show.
final class KeyedFleet implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final Fleet fleet;
  final PageShell shell;

  private KeyedFleet(Fleet fleet, PageShell shell) {
    this.fleet = fleet;
    this.shell = shell;
  }

  /// @param keygen the commands that make the release keys and print the public ones, a line each
  static KeyedFleet start(String keygen) throws Exception {
    return start(keygen, "release.keys = \"%s\"\n\n");
  }

  /// Under the usual posture.
  static KeyedFleet start() throws Exception {
    return start("true", "");
  }

  /// Has a node keep `value` as the secret `name`.
  static void put(DemoNode node, String value) throws IOException {
    try (SecretBytes secret = SecretBytes.copyOf(value.getBytes(StandardCharsets.UTF_8));
        LocalClient.Answer answer = node.put("name", secret)) {
      assertEquals(204, answer.status());
    }
  }

  /// @param settings takes what the commands print, separated by commas
  static KeyedFleet start(String keygen, String settings) throws Exception {
    Fleet fleet = Fleet.create(new SecureRandom(), Instant.now());
    PageShell shell = new PageShell(fleet.folder());
    shell.writeLauncher();
    KeyedFleet keyed = new KeyedFleet(fleet, shell);
    try {
      keyed.startNodes(settings.formatted(String.join(",", shell.run(keygen).lines().toList())));
      return keyed;
    } catch (Exception e) {
      keyed.close();
      throw e;
    }
  }

  private void startNodes(String settings) throws Exception {
    for (String name : List.of("node-a", "node-b", "node-c", "node-d")) {
      DemoNode node = fleet.add(name, "machine-of-" + name, "holdfast");
      edit(node, "\\[fencing\\]", settings + "[fencing]");
      node.start("node");
    }
    for (DemoNode node : fleet.nodes()) {
      awaitState(node, "ready");
    }
  }

  /// Changes the configuration of a node.
  static void edit(DemoNode node, String pattern, String by) throws IOException {
    String toml = Files.readString(node.config());
    Files.writeString(node.config(), toml.replaceFirst(pattern, by));
  }

  NodeStatus awaitState(DemoNode node, String state) throws Exception {
    return await(node, state, status -> status.state().equals(state));
  }

  NodeStatus await(DemoNode node, String what, Predicate<NodeStatus> wanted) throws Exception {
    return fleet.await(node, what, PATIENCE, wanted);
  }

  @Override
  public void close() throws IOException {
    fleet.close();
    try {
      for (DemoNode node : fleet.nodes()) {
        node.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fleet.delete();
  }
}
