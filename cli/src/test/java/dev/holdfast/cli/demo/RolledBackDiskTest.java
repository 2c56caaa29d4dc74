package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.PageShell;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.local.LocalClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Four real node processes; the disk of one is replaced by an older copy. The commands are those
/// of docs/operating/recovery.md.
@Tag("slow")
final class RolledBackDiskTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path PAGE =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/recovery.md");

  private final Fleet fleet = create();

  private static Fleet create() {
    try {
      return Fleet.create(new SecureRandom(), Instant.now());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void stop() throws Exception {
    fleet.close();
    for (DemoNode node : fleet.nodes()) {
      node.kill();
    }
    fleet.delete();
  }

  private NodeStatus await(DemoNode node, String what, Predicate<NodeStatus> wanted)
      throws Exception {
    return fleet.await(node, what, PATIENCE, wanted);
  }

  private static void put(DemoNode node, String value) throws IOException {
    try (SecretBytes secret = SecretBytes.copyOf(value.getBytes(StandardCharsets.UTF_8));
        LocalClient.Answer answer = node.put("name", secret)) {
      assertEquals(204, answer.status());
    }
  }

  private static String get(DemoNode node) throws IOException {
    try (LocalClient.Answer answer = node.get("name")) {
      return answer.status() == 200
          ? answer.body().apply(bytes -> new String(bytes, StandardCharsets.UTF_8))
          : Integer.toString(answer.status());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path path : Folders.walk(from)) {
      Path target = to.resolve(from.relativize(path).toString());
      if (Files.isDirectory(path)) {
        Files.createDirectories(target);
      } else {
        Files.copy(path, target);
      }
    }
  }

  @Test
  void olderDisk_isRefusedUntilTheReleaseKeysAccept() throws Exception {
    PageShell page = new PageShell(fleet.folder());
    page.writeLauncher();
    List<String> shell = PageShell.blocks(Files.readString(PAGE), "sh");
    assertEquals(2, shell.size());
    String keys = String.join(",", page.run(shell.get(0)).lines().toList());
    for (String name : List.of("node-a", "node-b", "node-c", "node-d")) {
      DemoNode node = fleet.add(name, "machine-of-" + name, "holdfast");
      String toml = Files.readString(node.config());
      Files.writeString(
          node.config(), toml.replace("[fencing]", "release.keys = \"" + keys + "\"\n\n[fencing]"));
      node.start("node");
    }
    DemoNode victim = fleet.nodes().getFirst();
    for (DemoNode node : fleet.nodes()) {
      await(node, "ready", s -> s.state().equals("ready"));
    }

    put(victim, "old");
    victim.stop();
    Path old = fleet.folder().resolve("old");
    copy(victim.dataDir(), old);
    victim.start("node");
    await(victim, "confirmed", NodeStatus::acceptsUserWrites);
    put(victim, "new");
    victim.stop();
    Folders.delete(victim.dataDir());
    copy(old, victim.dataDir());
    victim.start("node");

    NodeStatus refused = await(victim, "rolled-back", s -> s.state().equals("rolled-back"));
    assertFalse(refused.storeOpen());
    assertTrue(refused.sentence().contains("older than its providers remember"));
    assertEquals("503", get(victim));

    Path home = victim.config().resolveSibling("");
    for (String key : List.of("release-1.json", "release-2.json")) {
      Files.copy(fleet.folder().resolve(key), home.resolve(key));
    }
    PageShell there = new PageShell(home);
    there.writeLauncher();
    String printed = there.run(shell.get(1));
    assertTrue(printed.contains("2 of 2 needed release keys have signed"), printed);
    await(victim, "confirmed", NodeStatus::acceptsUserReads);
    assertEquals("old", get(victim));
    await(victim, "ready", s -> s.state().equals("ready"));
  }
}
