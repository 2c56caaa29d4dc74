package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.PageShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Four real node processes move from one image to the next, with the commands of
/// docs/operating/upgrade.md.
@Tag("slow")
final class UpgradePageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/upgrade.md");
  private static final String KEYGEN =
      "./holdfast release keygen release-1.json; ./holdfast release keygen release-2.json";

  private static void restart(DemoNode node, String image)
      throws IOException, InterruptedException {
    node.stop();
    KeyedFleet.edit(node, "image = \"[a-z0-9-]+\"", "image = \"" + image + "\"");
    node.start("node");
  }

  /// The statement that is right after the last node moved, too early.
  private static void refusesMembers(PageShell shell, String block) throws Exception {
    String early = block.replace("new.json", "early.json").strip();
    String asked = early.replace(" release publish ", " policy what-if ") + " || [ $? = 2 ]";
    String found = shell.run(asked);
    assertTrue(found.contains("may not run any more"), found);
    assertTrue(found.contains("0 of 4 members may run"), found);
    String publish = early.lines().toList().getLast();
    shell.run(publish + " --refuse node-a 2>&1 | grep 'nothing was published: 3 member(s)'");
  }

  @Test
  void fleet_movesToTheNextImage_asWritten() throws Exception {
    List<String> page = PageShell.blocks(Files.readString(PAGE), "sh");
    assertEquals(2, page.size());
    try (KeyedFleet keyed = KeyedFleet.start(KEYGEN)) {
      PageShell shell = keyed.shell;
      shell.run("./holdfast simulator quote vendor --image holdfast > old.quote");
      shell.run("./holdfast simulator quote vendor --image holdfast-next > new.quote");
      List<DemoNode> nodes = keyed.fleet.nodes();
      String config = "--config " + nodes.getFirst().config();

      String shown = shell.run(page.get(0).replace("--config node.toml", config));
      assertTrue(shown.contains("2 of 2 needed release keys have signed"), shown);
      assertTrue(shown.contains("4 of 4 members may run"), shown);
      refusesMembers(shell, page.get(1).replace("--config node.toml", config));
      for (DemoNode node : nodes) {
        restart(node, "holdfast-next");
        keyed.awaitState(node, "ready");
      }

      shell.run(page.get(1).replace("--config node.toml", config));
      DemoNode last = nodes.getLast();
      restart(last, "holdfast");
      NodeStatus refused =
          keyed.await(
              last,
              "refused",
              status ->
                  status.providers().stream().allMatch(p -> p.setback().contains("measurement")));
      assertFalse(refused.storeOpen());
      restart(last, "holdfast-next");
      keyed.awaitState(last, "ready");
    }
  }
}
