package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PlacementTest {
  private static Set<AccountId> providers(TestNode node) {
    return node.snapshot().providers().stream()
        .map(ProviderStatus::account)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void membersOnOneMachine_countAsOne() {
    Fleet fleet = new Fleet(1);
    for (String name : new String[] {"a", "b", "c", "d"}) {
      fleet.node(name);
    }
    fleet.get("d").platform = Fleet.theVendor().platform(PlatformRecipe.of("machine-c"));
    fleet.nodes.values().forEach(TestNode::start);
    fleet.runUntil(() -> fleet.get("a").snapshot().state() == NodeState.DEGRADED);
    Set<AccountId> chosen = providers(fleet.get("a"));
    assertEquals(2, chosen.size());
    assertTrue(chosen.contains(fleet.get("b").account()));
    assertEquals(
        Set.of(fleet.get("a").account(), fleet.get("b").account()), providers(fleet.get("d")));
  }

  @Test
  void memberOnTheOwnMachine_isNotChosen() {
    Fleet fleet = new Fleet(2);
    for (String name : new String[] {"a", "b", "c", "d"}) {
      fleet.node(name);
    }
    fleet.get("b").platform = Fleet.theVendor().platform(PlatformRecipe.of("machine-a"));
    fleet.nodes.values().forEach(TestNode::start);
    fleet.runUntil(() -> fleet.get("a").snapshot().state() == NodeState.DEGRADED);
    assertEquals(
        Set.of(fleet.get("c").account(), fleet.get("d").account()), providers(fleet.get("a")));
  }

  @Test
  void memberOfAnotherImageOrPosture_isNotChosen() {
    Fleet fleet = new Fleet(3);
    for (String name : new String[] {"a", "b", "c", "d", "e"}) {
      fleet.node(name);
    }
    fleet.get("d").image = "other";
    fleet.get("e").posture = Fleet.posture(3, 3);
    fleet.nodes.values().forEach(TestNode::start);
    fleet.runUntil(() -> fleet.get("a").snapshot().state() == NodeState.DEGRADED);
    assertEquals(
        Set.of(fleet.get("b").account(), fleet.get("c").account()), providers(fleet.get("a")));
  }

  @Test
  void kindsOfMachine_areSpread() {
    Fleet fleet = new Fleet(4);
    for (String name : new String[] {"a", "b", "c", "d", "e", "f"}) {
      fleet.node(name);
    }
    Bytes otherKind = Bytes.copyOf(new byte[] {1, 2, 3, 4, 5, 6});
    for (String name : new String[] {"e", "f"}) {
      TestNode node = fleet.get(name);
      node.platform =
          Fleet.theVendor().platform(PlatformRecipe.of("machine-" + name).withFmspc(otherKind));
      node.collateral = Fleet.collateral(CollateralRecipe.defaults(otherKind, Fleet.START));
    }
    fleet.nodes.values().forEach(TestNode::start);
    fleet.runUntil(
        () -> fleet.nodes.values().stream().allMatch(n -> n.snapshot().state() == NodeState.READY));
    Set<AccountId> others = Set.of(fleet.get("e").account(), fleet.get("f").account());
    long spread = providers(fleet.get("a")).stream().filter(others::contains).count();
    assertTrue(spread >= 1, fleet.describe());
  }

  @Test
  void load_ofAFleetOfTen_isEvenEnough() {
    Fleet fleet = new Fleet(5);
    for (int i = 0; i < 10; i++) {
      fleet.node("n" + i);
    }
    fleet.nodes.values().forEach(TestNode::start);
    fleet.runUntil(
        () -> fleet.nodes.values().stream().allMatch(n -> n.snapshot().state() == NodeState.READY));
    Map<AccountId, Integer> load = new TreeMap<>();
    fleet.nodes.values().forEach(n -> providers(n).forEach(p -> load.merge(p, 1, Integer::sum)));
    assertTrue(load.values().stream().allMatch(count -> count <= 9), load.toString());
  }

  @Test
  void provider_thatNeverGivesAReceipt_isReplaced() {
    Fleet fleet = new Fleet(6);
    for (String name : new String[] {"a", "b", "c", "d", "e"}) {
      fleet.node(name);
    }
    fleet.nodes.values().forEach(TestNode::start);
    fleet.get("b").failLedgerWrites = 1_000_000;
    fleet.runUntil(() -> fleet.get("a").snapshot().state() == NodeState.READY);
    assertEquals(
        Set.of(fleet.get("c").account(), fleet.get("d").account(), fleet.get("e").account()),
        providers(fleet.get("a")));
  }

  @Test
  void provider_thatNeverGivesAReceiptWithoutAReplacement_isLeftOutUntilItDoes() {
    Fleet fleet = new Fleet(7);
    for (String name : new String[] {"a", "b", "c", "d"}) {
      fleet.node(name);
    }
    fleet.nodes.values().forEach(TestNode::start);
    fleet.get("b").failLedgerWrites = 1_000_000;
    fleet.runUntil(() -> fleet.get("a").snapshot().state() == NodeState.DEGRADED);
    assertTrue(fleet.get("a").snapshot().acceptsUserWrites());
    fleet.get("b").failLedgerWrites = 0;
    fleet.runUntil(() -> fleet.get("a").snapshot().state() == NodeState.READY);
  }

  @Test
  void provider_thatStopsAnswering_makesTheNodeDegradedUntilItIsBack() {
    Fleet fleet = Fleet.ready(8, 4);
    TestNode b = fleet.get("b");
    b.kill();
    fleet.runUntil(() -> fleet.get("a").snapshot().state() == NodeState.DEGRADED);
    assertTrue(fleet.get("a").snapshot().sentence().contains("node-b failed: unreachable"));
    assertTrue(fleet.get("a").snapshot().acceptsUserWrites());
    b.start();
    fleet.runUntil(() -> fleet.get("a").snapshot().state() == NodeState.READY);
    fleet.runFor(Duration.ofMinutes(3));
    assertEquals(NodeState.READY, fleet.get("a").snapshot().state());
  }
}
