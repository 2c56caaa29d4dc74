package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.node.context.NodeConfig;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A node changes to a new root key, on command or because a provider is gone.
final class KeyRotationTest {
  private static final Duration REPAIR_AFTER = Duration.ofMinutes(10);
  private static final NodeConfig.Upkeep UPKEEP =
      new NodeConfig.Upkeep(Duration.ZERO, REPAIR_AFTER, Duration.ZERO);
  private static final int ROTATION_EFFECTS = 45;

  private static long generation(TestNode node) {
    return node.snapshot().self().generation();
  }

  private static boolean isOver(TestNode node, long generation) {
    return generation(node) == generation
        && node.snapshot().state() == NodeState.READY
        && node.disk.store.orElseThrow().wraps.keySet().equals(Set.of(generation));
  }

  private static void rotate(TestNode node) {
    long next = generation(node) + 1;
    node.post(new Input.RotationRequested());
    node.fleet.runUntil(() -> isOver(node, next));
  }

  private static List<Disk.Store> others(Fleet fleet, TestNode node) {
    return fleet.nodes.values().stream()
        .filter(other -> other != node)
        .flatMap(other -> other.disk.store.stream())
        .toList();
  }

  private static long holding(Fleet fleet, TestNode node) {
    AccountId account = node.account();
    return others(fleet, node).stream().filter(store -> store.holds(account)).count();
  }

  private static void restart(TestNode node) {
    node.kill();
    node.start();
    node.fleet.runUntil(() -> node.snapshot().state() == NodeState.READY);
  }

  @Test
  void rotation_onCommand_leavesOneGenerationThatOpens() {
    Fleet fleet = Fleet.ready(70, 4);
    TestNode a = fleet.get("a");
    a.put("name", "value");
    AccountId account = a.account();
    rotate(a);
    fleet.runFor(Duration.ofMinutes(1));
    assertTrue(a.reported(new Event.Rotated(2)::equals));
    assertTrue(a.reported(Event.GenerationRetired.class::isInstance));
    assertEquals(3, holding(fleet, a));
    assertTrue(others(fleet, a).stream().allMatch(store -> store.pending.isEmpty()));
    restart(a);
    assertEquals(account, a.account());
    assertEquals(2, generation(a));
    assertEquals("value", a.disk.store.orElseThrow().users.get("name"));
  }

  @Test
  void rotation_fiveTimes_goesOnFromEach() {
    Fleet fleet = Fleet.ready(71, 5);
    TestNode a = fleet.get("a");
    IntStream.range(0, 5).forEach(_ -> rotate(a));
    restart(a);
    assertEquals(6, generation(a));
    rotate(a);
    assertEquals(7, generation(a));
  }

  @Test
  void copyOfTheOldDisk_afterARotation_opensNothing() {
    Fleet fleet = Fleet.ready(72, 4);
    TestNode a = fleet.get("a");
    Disk old = a.disk.copy();
    rotate(a);
    fleet.runFor(Duration.ofMinutes(1));
    a.kill();
    a.disk = old;
    a.start();
    fleet.runFor(Duration.ofMinutes(5));
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    String sentence = a.snapshot().sentence();
    assertTrue(sentence.contains("generation-retired"), sentence);
  }

  @Test
  void users_duringARotation_areServedAllTheTime() {
    Fleet fleet = Fleet.ready(73, 4);
    TestNode a = fleet.get("a");
    a.post(new Input.RotationRequested());
    int[] writes = {0};
    fleet.runUntil(() -> {
      assertTrue(a.snapshot().acceptsUserWrites(), a.snapshot().sentence());
      if (writes[0] < 50) {
        a.put("name" + writes[0]++, "value");
      }
      return isOver(a, 2);
    });
    restart(a);
    assertEquals(writes[0], a.disk.store.orElseThrow().users.size());
  }

  @TestFactory
  Stream<DynamicTest> rotatingNode_dyingBeforeAnyEffect_opensAndRotatesAgain() {
    return IntStream.rangeClosed(1, ROTATION_EFFECTS)
        .mapToObj(i -> DynamicTest.dynamicTest("effect " + i, () -> dieWhileRotating(i)));
  }

  private static void dieWhileRotating(int effect) {
    Fleet fleet = Fleet.ready(100 + effect, 4);
    TestNode a = fleet.get("a");
    AccountId account = a.account();
    a.put("name", "value");
    a.dieBefore = a.effects() + effect;
    a.post(new Input.RotationRequested());
    fleet.runUntil(() -> !a.isUp());
    a.start();
    fleet.runUntil(() ->
        a.snapshot().state() == NodeState.READY
            && a.disk.store.orElseThrow().nodeRecord.size() > 0);
    assertEquals(account, a.account());
    assertEquals("value", a.disk.store.orElseThrow().users.get("name"));
    a.post(new Input.RotationRequested());
    long before = generation(a);
    fleet.runUntil(() -> generation(a) > before && isOver(a, generation(a)));
    restart(a);
    assertEquals(account, a.account());
  }

  @Test
  void provider_goneForTooLong_isReplaced() {
    Fleet fleet = new Fleet(74);
    List.of("a", "b", "c", "d", "e").forEach(name -> fleet.node(name).upkeep = UPKEEP);
    fleet.nodes.values().forEach(TestNode::start);
    fleet.runUntil(
        () -> fleet.nodes.values().stream().allMatch(n -> n.snapshot().state() == NodeState.READY));
    TestNode a = fleet.get("a");
    TestNode gone = provider(fleet, a);
    AccountId account = gone.account();
    gone.kill();
    fleet.runFor(REPAIR_AFTER.dividedBy(2));
    assertEquals(1, generation(a));
    assertEquals(NodeState.DEGRADED, a.snapshot().state());
    fleet.runUntil(() -> isOver(a, 2));
    assertTrue(a.snapshot().providers().stream().noneMatch(p -> p.account().equals(account)));
    restart(a);
    assertEquals(2, generation(a));
  }

  private static TestNode provider(Fleet fleet, TestNode node) {
    return fleet.nodes.values().stream()
        .filter(other -> other != node)
        .filter(other -> other.disk.store.orElseThrow().holds(node.account()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void provider_thatComesBackInTime_isNotReplaced() {
    Fleet fleet = Fleet.ready(75, 5);
    TestNode a = fleet.get("a");
    TestNode away = provider(fleet, a);
    away.kill();
    fleet.runFor(Duration.ofMinutes(20));
    away.start();
    fleet.runFor(Duration.ofHours(2));
    assertEquals(1, generation(a));
    assertEquals(NodeState.READY, a.snapshot().state());
  }

  @Test
  void rotation_withoutEnoughMembers_drawsNothingAndSaysSo() {
    Fleet fleet = Fleet.ready(76, 4);
    TestNode a = fleet.get("a");
    TestNode gone = provider(fleet, a);
    gone.kill();
    fleet.runFor(Duration.ofMinutes(5));
    a.post(new Input.RotationRequested());
    fleet.runFor(Duration.ofMinutes(5));
    assertEquals(1, generation(a));
    assertFalse(a.reported(Event.RotationBegun.class::isInstance));
    assertTrue(waitsForMembers(a), a.snapshot().sentence());
    gone.start();
    fleet.runUntil(() -> isOver(a, 2));
    assertFalse(waitsForMembers(a), a.snapshot().sentence());
  }

  private static boolean waitsForMembers(TestNode node) {
    return node.snapshot().sentence().contains("a new generation needs 3 members");
  }

  @Test
  void repair_thatNobodyNeedsAnyMore_isNotSpokenOf() {
    Fleet fleet = Fleet.ready(79, 4);
    TestNode a = fleet.get("a");
    TestNode gone = provider(fleet, a);
    gone.kill();
    fleet.runFor(Duration.ofHours(2));
    assertTrue(waitsForMembers(a), a.snapshot().sentence());
    gone.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.READY);
    fleet.runFor(Duration.ofMinutes(2));
    assertFalse(waitsForMembers(a), a.snapshot().sentence());
    assertEquals(1, generation(a));
  }

  @Test
  void rotation_onCommandThatFails_isTriedAgainByItself() {
    Fleet fleet = Fleet.ready(80, 4);
    TestNode a = fleet.get("a");
    a.failQuotes = 1;
    a.post(new Input.RotationRequested());
    fleet.runUntil(() -> a.reported(Event.RotationAbandoned.class::isInstance));
    fleet.runUntil(() -> isOver(a, 3));
    fleet.runFor(Duration.ofHours(1));
    assertEquals(3, generation(a));
  }

  @Test
  void share_thatItsProviderLost_isGivenToItAgain() {
    Fleet fleet = Fleet.ready(77, 4);
    TestNode a = fleet.get("a");
    TestNode forgetful = provider(fleet, a);
    forgetful.disk.store.orElseThrow().ledger.remove(a.account());
    fleet.runUntil(() -> forgetful.disk.store.orElseThrow().holds(a.account()));
    fleet.runUntil(() -> a.snapshot().state() == NodeState.READY);
    assertEquals(1, generation(a));
  }

  @Test
  void share_thatItsProviderSpoiled_isFoundBeforeItIsNeeded() {
    Fleet fleet = Fleet.ready(78, 4);
    TestNode a = fleet.get("a");
    TestNode spoiled = provider(fleet, a);
    spoiled.disk.store.orElseThrow().spoilShare(a.account());
    fleet.runFor(Duration.ofMinutes(1));
    assertTrue(
        a.reported(event ->
            event instanceof Event.ProviderFailed failed
                && failed.setback().code().equals(Setback.NOT_POSSESSED)));
  }

  @Test
  void provider_thatLeaves_isReplacedWhileItServes() {
    Fleet fleet = Fleet.ready(81, 5);
    TestNode a = fleet.get("a");
    TestNode leaving = provider(fleet, a);
    AccountId account = leaving.account();
    leaving.post(new Input.LeaveRequested());
    fleet.runUntil(() -> leaving.reported(Event.Leaving.class::isInstance));
    assertTrue(leaving.snapshot().held().accounts() > 0);
    fleet.runUntil(
        () -> a.snapshot().providers().stream().noneMatch(p -> p.account().equals(account)));
    assertEquals(2, generation(a));
    fleet.runUntil(() -> leaving.snapshot().held().accounts() == 0);
    String sentence = leaving.snapshot().sentence();
    assertTrue(sentence.contains("it can be stopped for good"), sentence);
    leaving.stop();
    fleet.runUntil(() -> !leaving.isUp());
    assertFalse(fleet.isListed(account));
    restart(a);
    assertEquals(2, generation(a));
  }

  @Test
  void provider_thatLeaves_takesNoNewDeposits() {
    Fleet fleet = Fleet.ready(82, 4);
    TestNode leaving = fleet.get("b");
    leaving.post(new Input.LeaveRequested());
    fleet.runFor(Duration.ofSeconds(1));
    TestNode e = fleet.node("e");
    e.start();
    fleet.runUntil(() -> e.snapshot().state() == NodeState.READY);
    assertFalse(leaving.disk.store.orElseThrow().holds(e.account()));
  }
}
