package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.local.LocalClient;
import dev.holdfast.testkit.EtcdServer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Four real node processes that find each other in a real etcd, which then fails.
@Tag("slow")
final class EtcdFleetTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void node_restartedWhileEtcdIsDown_recoversItsStore() throws Exception {
    assumeTrue(EtcdServer.isInstalled(), EtcdServer::missing);
    try (Fleet fleet = Fleet.create(new SecureRandom(), Instant.now());
        EtcdServer etcd = EtcdServer.start(fleet.folder().resolve("etcd"))) {
      String registry = "kind = \"etcd\"\nendpoints = \"" + etcd.endpoint() + "\"\n";
      for (String name : List.of("node-a", "node-b", "node-c", "node-d")) {
        DemoNode node = fleet.add(name, "machine-of-" + name, "holdfast");
        KeyedFleet.edit(node, "folder = .*\n", registry);
        node.start("node");
      }
      try {
        for (DemoNode node : fleet.nodes()) {
          awaitReady(fleet, node);
        }
        DemoNode node = fleet.nodes().getFirst();
        try (SecretBytes value = SecretBytes.take("kept".getBytes(StandardCharsets.US_ASCII))) {
          try (LocalClient.Answer put = node.put("name", value)) {
            assertEquals(204, put.status());
          }

          etcd.kill();
          node.kill();
          node.start("node");

          fleet.await(node, "open and confirmed", PATIENCE, NodeStatus::acceptsUserReads);
          try (LocalClient.Answer got = node.get("name")) {
            assertEquals(200, got.status());
            assertTrue(got.body().sameAs(value));
          }
        }

        etcd.start();
        awaitReady(fleet, node);
        fleet.await(node, "in sight of all", PATIENCE, status -> status.members() == 4);
      } finally {
        for (DemoNode node : fleet.nodes()) {
          node.kill();
        }
      }
    }
  }

  private static void awaitReady(Fleet fleet, DemoNode node) throws Exception {
    fleet.await(node, "ready", PATIENCE, status -> status.state().equals("ready"));
  }
}
