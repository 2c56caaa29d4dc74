package dev.holdfast.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.model.Counters;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.ProviderStatus.Progress;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Threshold;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node serves at `/metrics`, and that docs/operating/metrics.md lists just that.
final class MetricsTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/metrics.md");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;

  @Test
  void table_ofTheDocument_isWhatARealNodeServes() throws Exception {
    List<String> rows =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.startsWith("| `holdfast_"))
            .toList();
    try (RealNode node = new RealNode(folder)) {
      String text = node.await("/metrics", MetricsTest::isUnderWay);
      assertEquals(String.join("\n", rows(text)), String.join("\n", rows));
      assertServedAreDescribed(text);
      assertNamesNobody(text, node);
    }
  }

  private static boolean isUnderWay(String text) {
    return text.contains("holdfast_store_open 1\n")
        && text.contains("holdfast_state{state=\"backing-up\"} 1\n")
        && text.contains("\nholdfast_own_evidence_accepted 1\n")
        && text.contains("\nholdfast_store_disk_bytes ")
        && text.contains("\nholdfast_registry_unreadable_seconds 0\n");
  }

  /// A row of the document for each metric with its help, in the order of serving.
  static List<String> rows(String text) {
    List<String> rows = new ArrayList<>();
    String help = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("# HELP ")) {
        help = line.split(" ", 4)[3];
      } else if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", 4);
        rows.add("| `%s` | %s | %s | %s |".formatted(words[2], words[3], unit(words[2]), help));
      }
    }
    return rows;
  }

  private static String unit(String name) {
    return name.endsWith("_seconds") ? "seconds" : name.endsWith("_bytes") ? "bytes" : "1";
  }

  /// Each sample stands below the help and the type of its own name.
  private static void assertServedAreDescribed(String text) {
    String name = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("#")) {
        name = line.split(" ", 4)[2];
      } else {
        assertEquals(name, line.split("[ {]", 2)[0], line);
      }
    }
  }

  private static void assertNamesNobody(String text, RealNode node) throws Exception {
    String account = node.account();
    List<String> secrets =
        List.of(
            account.substring(0, 8),
            RealNode.NAME,
            RealNode.ZONE,
            Integer.toString(node.port()),
            node.folder().toString());
    for (String secret : secrets) {
      assertFalse(text.contains(secret), secret);
    }
  }

  @Test
  void values_ofARealNode_areSet() throws Exception {
    try (RealNode node = new RealNode(folder)) {
      String text = node.await("/metrics", MetricsTest::isUnderWay);
      assertTrue(value(text, "store_disk_bytes") > 0, text);
      assertTrue(value(text, "store_opened_after_seconds") > 0, text);
      assertTrue(value(text, "collateral_age_seconds") >= 3600, text);
      double month = Duration.ofDays(30).toSeconds();
      assertTrue(value(text, "collateral_left_seconds") < month, text);
      assertTrue(value(text, "collateral_left_seconds") > month - 7200, text);
      assertTrue(value(text, "pck_certificate_left_seconds") > month, text);
      assertEquals(1, value(text, "generation"));
      assertEquals(-2, value(text, "failures_tolerated"));
    }
  }

  private static double value(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith("holdfast_" + name + " "))
        .mapToDouble(line -> Double.parseDouble(line.split(" ", 2)[1]))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " in " + text));
  }

  private static AccountId account() {
    try {
      return AccountId.parse(
          Bytes.parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static ProviderStatus provider(int index, Progress progress) {
    return new ProviderStatus(
        account(), "node-b", new Endpoint("127.0.0.1", 1), index, progress, Optional.empty());
  }

  private static NodeSnapshot snapshot(boolean open, Counters counters, Progress... providers) {
    List<ProviderStatus> all = new ArrayList<>();
    for (Progress progress : providers) {
      all.add(provider(all.size() + 1, progress));
    }
    return new NodeSnapshot(
        open ? NodeState.READY : NodeState.RECOVERING,
        NOW.minusSeconds(90),
        "fine",
        Optional.empty(),
        new NodeSnapshot.Self(
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.of(NOW.minus(Duration.ofDays(2))),
            7,
            Bytes.zero(32),
            true),
        Threshold.DEFAULT,
        open,
        new NodeSnapshot.Users(open, open),
        12,
        Optional.of(NOW.minusMillis(1500)),
        Optional.empty(),
        all,
        Optional.empty(),
        Optional.empty(),
        4,
        new NodeSnapshot.Held(2, false),
        counters);
  }

  private static String text(NodeSnapshot snapshot) {
    Observations.Seen seen =
        new Observations.Seen(
            Optional.empty(),
            Optional.of(NOW.minusSeconds(61)),
            Optional.empty(),
            Optional.of(
                new Observations.OwnEvidence(false, Optional.of(NOW.minus(Duration.ofDays(1))))));
    return Metrics.text(new Reading(snapshot, seen, Optional.empty(), NOW));
  }

  private static void assertServes(String text, String... lines) {
    List<String> served = text.lines().toList();
    for (String line : lines) {
      assertTrue(served.contains(line), line + " in\n" + text);
    }
  }

  @Test
  void text_ofARecoveringNode_countsWhatCameBack() {
    String text =
        text(snapshot(false, Counters.ZERO, Progress.RELEASED, Progress.FAILED, Progress.ASKED));
    assertServes(
        text,
        "holdfast_shares_collected 1",
        "holdfast_share_threshold 2",
        "holdfast_shares_dealt 3",
        "holdfast_providers{progress=\"failed\"} 1",
        "holdfast_providers{progress=\"firm\"} 0",
        "holdfast_state{state=\"recovering\"} 1",
        "holdfast_state_age_seconds 90");
    assertFalse(text.contains("\nholdfast_failures_tolerated "), text);
    assertFalse(text.contains("\nholdfast_store_disk_bytes "), text);
  }

  @Test
  void text_ofAnOpenNode_hasItsFigures() {
    String text =
        text(snapshot(true, Counters.ZERO, Progress.FIRM, Progress.LEAVING, Progress.FIRM));
    assertServes(
        text,
        "holdfast_build_info{version=\"" + Daemon.VERSION + "\"} 1",
        "holdfast_failures_tolerated 1",
        "holdfast_shares_firm 3",
        "holdfast_generation_age_seconds 172800",
        "holdfast_unwitnessed_seconds 1.5",
        "holdfast_instance 7",
        "holdfast_deposits_held 2",
        "holdfast_registry_unreadable_seconds 61",
        "holdfast_own_evidence_accepted 0",
        "holdfast_pck_certificate_left_seconds -86400");
  }

  @Test
  void text_ofRefusals_hasTheirCodes() {
    Counters counters =
        new Counters(
            1,
            5,
            0,
            1,
            0,
            0,
            0,
            2,
            Map.of(ProblemCode.EVIDENCE_REFUSED, 3L, ProblemCode.RATE_LIMITED, 2L),
            Map.of(ProblemCode.QUOTA_EXCEEDED, 1L));
    assertServes(
        text(snapshot(true, counters)),
        "holdfast_refusals_total{operation=\"release\",code=\"evidence-refused\"} 3",
        "holdfast_refusals_total{operation=\"release\",code=\"rate-limited\"} 2",
        "holdfast_refusals_total{operation=\"deposit\",code=\"quota-exceeded\"} 1",
        "holdfast_releases_refused_total 5",
        "holdfast_forks_seen_total 2");
  }
}
