package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.PageShell;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/// Four real node processes move from one image to the next, with the commands of
/// docs/operating/upgrade.md.
@Tag("slow")
final class UpgradePageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path PAGE =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/upgrade.md");

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

  private static void setImage(DemoNode node, String image) throws IOException {
    String toml = Files.readString(node.config());
    Files.writeString(
        node.config(), toml.replaceFirst("image = \"[a-z0-9-]+\"", "image = \"" + image + "\""));
  }

  @Test
  void fleet_movesToTheNextImage_asWritten() throws Exception {
    PageShell shell = new PageShell(fleet.folder());
    shell.writeLauncher();
    List<String> page = PageShell.blocks(Files.readString(PAGE), "sh");
    assertEquals(2, page.size());
    String keys =
        String.join(
            ",",
            shell
                .run(
                    "./holdfast release keygen release-1.json; ./holdfast release keygen"
                        + " release-2.json")
                .lines()
                .toList());
    shell.run("./holdfast simulator quote vendor --image holdfast > old.quote");
    shell.run("./holdfast simulator quote vendor --image holdfast-next > new.quote");
    for (String name : List.of("node-a", "node-b", "node-c", "node-d")) {
      DemoNode node = fleet.add(name, "machine-of-" + name, "holdfast");
      String toml = Files.readString(node.config());
      Files.writeString(
          node.config(), toml.replace("[fencing]", "release.keys = \"" + keys + "\"\n\n[fencing]"));
      node.start("node");
    }
    for (DemoNode node : fleet.nodes()) {
      await(node, "ready", s -> s.state().equals("ready"));
    }
    String config = "--config " + fleet.nodes().getFirst().config();
    String shown = shell.run(page.get(0).replace("--config node.toml", config));
    assertTrue(shown.contains("2 of 2 needed release keys have signed"), shown);
    for (DemoNode node : fleet.nodes()) {
      node.stop();
      setImage(node, "holdfast-next");
      node.start("node");
      await(node, "ready", s -> s.state().equals("ready"));
    }
    shell.run(page.get(1).replace("--config node.toml", config));
    DemoNode last = fleet.nodes().getLast();
    last.stop();
    setImage(last, "holdfast");
    last.start("node");
    NodeStatus refused =
        await(
            last,
            "refused",
            s -> s.providers().stream().allMatch(p -> p.setback().contains("measurement")));
    assertFalse(refused.storeOpen());
    last.stop();
    setImage(last, "holdfast-next");
    last.start("node");
    await(last, "ready", s -> s.state().equals("ready"));
  }
}
