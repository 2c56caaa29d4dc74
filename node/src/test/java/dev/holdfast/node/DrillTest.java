package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeSnapshot.DrillReport;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Setback;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A node finds out whether it would come back, without being lost first.
final class DrillTest {
  private static DrillReport drill(TestNode node) {
    long before = node.snapshot().drill().map(DrillReport::number).orElse(0L);
    node.post(new Input.DrillRequested());
    node.fleet.runUntil(
        () -> node.snapshot().drill().filter(report -> report.number() > before).isPresent());
    return node.snapshot().drill().orElseThrow();
  }

  private static TestNode provider(TestNode node, int number) {
    ProviderStatus status = node.snapshot().providers().get(number);
    return node.fleet.nodes.values().stream()
        .filter(other -> other.isUp() && other.account().equals(status.account()))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> codes(DrillReport report) {
    return report.providers().stream()
        .flatMap(status -> status.setback().stream())
        .map(Setback::code)
        .toList();
  }

  @Test
  void drill_ofAWholeFleet_getsEveryShareAndChangesNothing() {
    Fleet fleet = Fleet.ready(441, 4);
    TestNode a = fleet.get("a");
    long version = a.disk.store.orElseThrow().version;
    DrillReport report = drill(a);
    assertTrue(report.succeeded());
    assertEquals(3, report.shares());
    assertEquals(2, report.needed());
    assertEquals(List.of(), codes(report));
    assertEquals(NodeState.READY, a.snapshot().state());
    assertEquals(version, a.disk.store.orElseThrow().version);
    assertTrue(provider(a, 0).reported(Event.Released.class::isInstance));
    assertEquals(2, drill(a).number());
    a.kill();
    a.start();
    fleet.runUntil(a::serves);
    assertEquals(Optional.empty(), a.snapshot().drill());
  }

  @Test
  void drill_withOneProviderDown_succeedsAndNamesIt() {
    Fleet fleet = Fleet.ready(442, 4);
    TestNode a = fleet.get("a");
    provider(a, 1).kill();
    DrillReport report = drill(a);
    assertTrue(report.succeeded());
    assertEquals(2, report.shares());
    assertEquals(List.of(Setback.UNREACHABLE), codes(report));
  }

  @Test
  void drill_withTwoProvidersDown_fails() {
    Fleet fleet = Fleet.ready(443, 4);
    TestNode a = fleet.get("a");
    TestNode second = provider(a, 1);
    provider(a, 0).kill();
    second.kill();
    DrillReport report = drill(a);
    assertFalse(report.succeeded());
    assertEquals(Setback.TOO_FEW_SHARES, report.setback().orElseThrow().code());
    assertEquals(1, report.shares());
    assertTrue(a.snapshot().storeOpen());
  }

  @Test
  void drill_withALyingProvider_namesTheLie() {
    Fleet fleet = Fleet.ready(444, 4);
    TestNode a = fleet.get("a");
    provider(a, 2).disk.store.orElseThrow().spoilShare(a.account());
    DrillReport report = drill(a);
    assertTrue(report.succeeded());
    assertEquals(2, report.shares());
    assertEquals(List.of(Setback.WRONG_SHARE), codes(report));
  }

  @Test
  void drill_beforeTheManifestIsCommitted_isNotMade() {
    Fleet fleet = new Fleet(445);
    TestNode a = fleet.node("a");
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.BACKING_UP);
    a.post(new Input.DrillRequested());
    fleet.runFor(Duration.ofSeconds(30));
    assertEquals(Optional.empty(), a.snapshot().drill());
  }
}
