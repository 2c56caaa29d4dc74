package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.PageShell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Five real node processes, of which one leaves by the command of docs/operating/recovery.md.
@Tag("slow")
final class LeavingTest {
  private static final Path PAGE =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/recovery.md");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void node_thatLeaves_holdsNothingAndCanBeStopped() throws Exception {
    List<String> page = PageShell.blocks(Files.readString(PAGE), "sh");
    String command = page.getLast();
    try (Fleet fleet = Fleet.create(new SecureRandom(), Instant.now())) {
      PageShell shell = new PageShell(fleet.folder());
      shell.writeLauncher();
      for (String name : List.of("node-a", "node-b", "node-c", "node-d", "node-e")) {
        DemoNode node = fleet.add(name, "machine-of-" + name, "holdfast");
        KeyedFleet.edit(node, "\\[fencing\\]", "upkeep.repair-after-minutes = 1\n\n[fencing]");
        node.start("node");
      }
      try {
        for (DemoNode node : fleet.nodes()) {
          fleet.await(node, "ready", PATIENCE, status -> status.state().equals("ready"));
        }
        DemoNode leaving = fleet.nodes().getFirst();
        String config = "--config " + leaving.config();
        String said = shell.run(command.replace("--config node.toml", config));
        assertTrue(said.contains("can be stopped for good"), said);
        leaving.stop();
        for (DemoNode node : fleet.nodes().subList(1, 5)) {
          fleet.await(node, "ready", PATIENCE, status -> status.state().equals("ready"));
        }
        try (var records = Files.list(fleet.folder().resolve("members"))) {
          assertEquals(4, records.filter(path -> path.toString().endsWith(".json")).count());
        }
      } finally {
        for (DemoNode node : fleet.nodes()) {
          node.kill();
        }
      }
    }
  }
}
