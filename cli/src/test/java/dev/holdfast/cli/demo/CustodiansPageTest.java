package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.PageShell;
import dev.holdfast.codec.Bytes;
import dev.holdfast.daemon.local.LocalClient;
import dev.holdfast.simulator.DevelopmentVendor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Four real node processes lose power at once. The commands are those of
/// docs/operating/custodians.md, with the simulated vendor's root.
@Tag("slow")
final class CustodiansPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/custodians.md");
  private static final String ANCHORED = "--trust-anchor root.pem request.json";

  private static void openByCustodians(KeyedFleet keyed, DemoNode node, List<String> page)
      throws Exception {
    String config = "--config " + node.config();
    keyed.shell.run(page.get(1).replace("--config node.toml", config));
    String seen = keyed.shell.run(page.get(2).replace("request.json", ANCHORED));
    assertTrue(seen.contains("a simulated platform"), seen);
    assertTrue(seen.contains("custodians  2 of 3"), seen);
    String brought = keyed.shell.run(page.get(3).replace("--config node.toml", config));
    assertEquals("1 of 2 approvals accepted\n2 of 2 approvals accepted\n", brought);
    keyed.await(node, "open", NodeStatus::storeOpen);
  }

  @Test
  void blackout_twoNodesOpenedByCustodians_everybodyServesAgain() throws Exception {
    List<String> page = PageShell.blocks(Files.readString(PAGE), "sh");
    assertEquals(4, page.size());
    String keygen =
        "for i in 1 2 3; do echo secret-$i > passphrase-$i; done\n"
            + page.get(0)
            + "mkdir keys; cp *.pub keys";
    try (KeyedFleet keyed =
        KeyedFleet.start(keygen, "[custodians]\nkeys = \"%s\"\nfolder = \"../keys\"\n\n")) {
      Path folder = keyed.fleet.folder();
      DevelopmentVendor vendor =
          DevelopmentVendor.parse(
              Bytes.copyOf(Files.readAllBytes(folder.resolve("vendor/vendor.json"))));
      Files.write(folder.resolve("root.pem"), vendor.rootPem().toArray());
      List<DemoNode> nodes = keyed.fleet.nodes();
      KeyedFleet.put(nodes.getLast(), "kept");
      for (DemoNode node : nodes) {
        node.kill();
      }
      for (DemoNode node : nodes) {
        node.start("node");
      }
      for (DemoNode node : nodes) {
        NodeStatus locked =
            keyed.await(
                node, "locked", status -> status.sentence().contains("holdfast recover custodian"));
        assertEquals("recovering", locked.state());
      }
      openByCustodians(keyed, nodes.get(0), page);
      openByCustodians(keyed, nodes.get(1), page);
      for (DemoNode node : nodes) {
        keyed.awaitState(node, "ready");
      }
      try (LocalClient.Answer answer = nodes.getLast().get("name")) {
        assertEquals(
            "kept", answer.body().apply(bytes -> new String(bytes, StandardCharsets.UTF_8)));
      }
      String twice =
          keyed.shell.run(
              "./holdfast recover custodian --config %s 2>&1 || echo exit $?"
                  .formatted(nodes.getFirst().config()));
      assertTrue(twice.contains("nothing-to-open"), twice);
      assertTrue(twice.endsWith("exit 2\n"), twice);
    }
  }
}
