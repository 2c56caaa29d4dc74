package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.PageShell;
import dev.holdfast.daemon.local.LocalClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Four real node processes; the disk of one is replaced by an older copy, and later its root key
/// by a new one. The commands are those of docs/operating/recovery.md.
@Tag("slow")
final class RolledBackDiskTest {
  private static final Path PAGE =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/recovery.md");

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
  void olderDisk_refused_isAcceptedAndGetsANewKey() throws Exception {
    List<String> page = PageShell.blocks(Files.readString(PAGE), "sh");
    assertEquals(5, page.size());
    try (KeyedFleet keyed = KeyedFleet.start(page.get(0))) {
      DemoNode victim = keyed.fleet.nodes().getFirst();
      KeyedFleet.put(victim, "old");
      victim.stop();
      Path old = keyed.fleet.folder().resolve("old");
      copy(victim.dataDir(), old);
      victim.start("node");
      keyed.await(victim, "confirmed", NodeStatus::acceptsUserWrites);
      KeyedFleet.put(victim, "new");
      victim.stop();
      Folders.delete(victim.dataDir());
      copy(old, victim.dataDir());
      victim.start("node");

      NodeStatus refused = keyed.awaitState(victim, "rolled-back");
      assertFalse(refused.storeOpen());
      assertTrue(refused.sentence().contains("older than its providers remember"));
      assertEquals("503", get(victim));

      String config = "--config " + victim.config();
      String printed = keyed.shell.run(page.get(1).replace("--config node.toml", config));
      assertTrue(printed.contains("2 of 2 needed release keys have signed"), printed);
      keyed.await(victim, "confirmed", NodeStatus::acceptsUserReads);
      assertEquals("old", get(victim));
      keyed.awaitState(victim, "ready");

      KeyedFleet.put(victim, "newest");
      String rotated = keyed.shell.run(page.get(2).replace("--config node.toml", config));
      assertTrue(rotated.contains("the root key is of generation 2 now"), rotated);
      victim.kill();
      victim.start("node");
      keyed.await(victim, "confirmed", NodeStatus::acceptsUserReads);
      assertEquals("newest", get(victim));
      String drilled = keyed.shell.run(page.get(3).replace("--config node.toml", config));
      assertTrue(drilled.startsWith("it would come back: 3 shares came, 2 are needed"), drilled);
      // The rotation ends with old data keys dropped, beside everything else.
      String stats = "";
      Instant patience = Instant.now().plusSeconds(60);
      while (!stats.contains("\"dataKeys\":1") && Instant.now().isBefore(patience)) {
        stats = keyed.shell.run("./holdfast store stats --json " + config);
      }
      assertTrue(stats.contains("\"dataKeys\":1"), stats);
    }
  }
}
