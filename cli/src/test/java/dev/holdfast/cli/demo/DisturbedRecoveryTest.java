package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.local.LocalClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Four real node processes, and what goes wrong around the restart of one: each has its distinct
/// error, nothing is lost, and there is never a silent fresh start.
@Tag("slow")
final class DisturbedRecoveryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] VALUE = "the value".getBytes(StandardCharsets.UTF_8);

  private static KeyedFleet keyed;
  private static Fleet fleet;
  private static DemoNode victim;
  private static String account = "";

  @BeforeAll
  static void start() throws Exception {
    keyed = KeyedFleet.start();
    fleet = keyed.fleet;
    victim = fleet.nodes().getFirst();
    account = victim.status().flatMap(NodeStatus::account).orElseThrow();
    try (SecretBytes value = SecretBytes.copyOf(VALUE);
        LocalClient.Answer answer = victim.put("name", value)) {
      assertEquals(204, answer.status());
    }
  }

  @AfterAll
  static void stop() throws Exception {
    keyed.close();
  }

  @BeforeEach
  void stopVictim() throws Exception {
    victim.stop();
  }

  /// Whatever was done to it: put right, the node comes back with its data and as the same account.
  @AfterEach
  void victimComesBack() throws Exception {
    victim.stop();
    victim.start("node");
    NodeStatus open = await(victim, "confirmed", NodeStatus::acceptsUserReads);
    assertEquals(Optional.of(account), open.account());
    try (LocalClient.Answer answer = victim.get("name")) {
      assertEquals(200, answer.status());
      assertEquals(VALUE.length, answer.body().size());
    }
  }

  private static NodeStatus await(DemoNode node, String what, Predicate<NodeStatus> wanted)
      throws Exception {
    return fleet.await(node, what, PATIENCE, wanted);
  }

  private static Path manifest() {
    return victim.dataDir().resolve("manifest.json");
  }

  private static NodeStatus locked(String what, Predicate<NodeStatus> wanted) throws Exception {
    NodeStatus status = await(victim, what, wanted);
    assertFalse(status.storeOpen(), status.sentence());
    try (LocalClient.Answer answer = victim.get("name")) {
      assertEquals(503, answer.status());
    }
    return status;
  }

  @Test
  void manifest_withAnotherEndpoint_isFoundAndNothingIsLost() throws Exception {
    lockedBy(
        manifest(), text -> text.replace("\"endpoint\":\"127.0.0.1:", "\"endpoint\":\"127.0.0.2:"));
  }

  @Test
  void manifest_withAnotherDiskToken_isFoundAndNothingIsLost() throws Exception {
    lockedBy(
        manifest(), text -> text.replaceFirst("(\"diskToken\":\")[A-Za-z0-9_-]{8}", "$1AAAAAAAA"));
  }

  @Test
  void manifest_cutShort_isFoundAndNothingIsLost() throws Exception {
    lockedBy(manifest(), text -> text.substring(0, text.length() / 2));
  }

  @Test
  void manifest_removed_isNoFreshStart() throws Exception {
    lockedBy(manifest(), text -> "");
    Path aside = manifest().resolveSibling("aside");
    Files.move(manifest(), aside);
    try {
      victim.start("node");
      NodeStatus status = locked("naming the manifest", s -> s.sentence().contains("manifest"));
      assertTrue(status.account().isEmpty(), status.toString());
      assertFalse(Files.exists(manifest()));
      victim.stop();
    } finally {
      Files.move(aside, manifest());
    }
  }

  private interface Edit {
    String apply(String text);
  }

  /// Changes a file, starts the node, and requires that it stays locked and names the manifest.
  private static void lockedBy(Path file, Edit edit) throws Exception {
    String original = Files.readString(file);
    String edited = edit.apply(original);
    assertFalse(edited.equals(original), "the edit changes nothing");
    Files.writeString(file, edited);
    try {
      victim.start("node");
      locked("naming the manifest", s -> s.sentence().contains("manifest"));
      victim.stop();
    } finally {
      Files.writeString(file, original);
    }
  }

  @Test
  void store_ofAnotherAccount_isFound() throws Exception {
    Path own = victim.dataDir().resolve("store");
    Path kept = victim.dataDir().resolve("store.kept");
    DemoNode other = fleet.nodes().get(1);
    other.stop();
    Files.move(own, kept);
    Folders.copy(other.dataDir().resolve("store"), own);
    other.start("node");
    await(other, "open", NodeStatus::storeOpen);
    try {
      victim.start("node");
      locked("refusing the store", s -> s.sentence().contains("wrong-account"));
      requireLogged("store-failed");
    } finally {
      victim.stop();
      Folders.delete(own);
      Files.move(kept, own);
    }
  }

  @Test
  void posture_weakened_getsNoRelease() throws Exception {
    String original = Files.readString(victim.config());
    Files.writeString(victim.config(), "k = 1\nn = 1\n" + original);
    victim.start("node");
    locked(
        "refused for its posture",
        s ->
            s.sentence().contains("posture")
                || s.providers().stream().anyMatch(p -> p.setback().contains("posture")));
    victim.stop();
    Files.writeString(victim.config(), original);
  }

  @Test
  void provider_silent_doesNotHoldTheOthersUp() throws Exception {
    DemoNode silenced = fleet.nodes().get(2);
    silenced.stop();
    int port = silenced.port();
    try (ServerSocket silent = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
      victim.start("node");
      await(victim, "open", NodeStatus::storeOpen);
      assertEquals(port, silent.getLocalPort());
    }
    silenced.start("node");
    await(silenced, "open", NodeStatus::storeOpen);
  }

  @Test
  void providers_frozen_areNamedAndWaitedFor() throws Exception {
    List<DemoNode> frozen = fleet.nodes().subList(1, 3);
    for (DemoNode node : frozen) {
      signal("STOP", node);
    }
    try {
      victim.start("node");
      locked(
          "naming both",
          s -> s.providers().stream().filter(p -> p.setback().startsWith("silent")).count() == 2);
    } finally {
      for (DemoNode node : frozen) {
        signal("CONT", node);
      }
    }
    await(victim, "open", NodeStatus::storeOpen);
  }

  private static void signal(String name, DemoNode node) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(node.pid())).start();
    assertEquals(0, kill.waitFor());
  }

  private static void requireLogged(String text) throws Exception {
    String log = Files.readString(victim.log());
    assertTrue(log.contains(text), "the log says " + text);
  }
}
