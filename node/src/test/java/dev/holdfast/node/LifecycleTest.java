package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.NodeState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LifecycleTest {
  @Test
  void fleet_ofFour_becomesReadyWithThreeFirmSharesEach() {
    Fleet fleet = Fleet.ready(1, 4);
    for (TestNode node : fleet.nodes.values()) {
      assertEquals(3, node.snapshot().providers().size(), fleet.describe());
      assertTrue(node.snapshot().acceptsUserWrites());
      assertTrue(node.disk.manifest.isPresent());
      assertTrue(node.disk.pending.isEmpty());
    }
  }

  @Test
  void killedNode_withOneProviderDown_recoversFromTheOtherTwoOnOneQuote() {
    Fleet fleet = Fleet.ready(2, 4);
    TestNode a = fleet.get("a");
    var account = a.account();
    a.kill();
    fleet.get("b").kill();
    int before = a.quotes;
    a.start();
    fleet.runUntil(() -> a.snapshot().storeOpen());
    assertEquals(account, a.account());
    assertEquals(2, a.snapshot().self().instance());
    assertEquals(before + 1, a.quotes);
    fleet.runUntil(() -> a.snapshot().acceptsUserWrites());
    assertFalse(a.reported(Event.FreshStart.class::isInstance) && a.disk.setAside > 0);
    fleet.runUntil(() -> a.snapshot().state() == NodeState.DEGRADED);
    fleet.get("b").start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.READY);
    fleet.runUntil(() -> fleet.get("b").snapshot().state() == NodeState.READY);
  }

  @Test
  void threeMembers_afterPatience_areDegradedWithTwoShares() {
    Fleet fleet = new Fleet(3);
    for (String name : new String[] {"a", "b", "c"}) {
      fleet.node(name).start();
    }
    fleet.runUntil(() ->
        fleet.nodes.values().stream().allMatch(n -> n.snapshot().state() == NodeState.DEGRADED));
    assertTrue(fleet.get("a").snapshot().sentence().contains("no loss tolerated"));
    fleet.node("d").start();
    fleet.runUntil(
        () -> fleet.nodes.values().stream().allMatch(n -> n.snapshot().state() == NodeState.READY));
  }

  @Test
  void twoMembers_underTwoOfThree_sayHowManyAreMissing() {
    Fleet fleet = new Fleet(4);
    fleet.node("a").start();
    fleet.node("b").start();
    fleet.runFor(Duration.ofMinutes(2));
    TestNode a = fleet.get("a");
    assertEquals(NodeState.BACKING_UP, a.snapshot().state());
    assertFalse(a.snapshot().acceptsUserWrites());
    assertTrue(a.snapshot().sentence().startsWith("needs 1 more member(s)"));
  }

  @Test
  void twoMembers_underOneOfOne_backEachOtherUp() {
    Fleet fleet = new Fleet(5);
    for (String name : new String[] {"a", "b"}) {
      TestNode node = fleet.node(name);
      node.posture = Fleet.posture(1, 1);
      node.start();
    }
    fleet.runUntil(
        () -> fleet.nodes.values().stream().allMatch(n -> n.snapshot().acceptsUserWrites()));
    fleet.get("a").kill();
    fleet.get("a").start();
    fleet.runUntil(() -> fleet.get("a").snapshot().storeOpen());
    assertEquals(2, fleet.get("a").snapshot().self().instance());
  }
}
