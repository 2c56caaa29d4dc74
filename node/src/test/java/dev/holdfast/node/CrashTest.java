package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A node dies in front of each of its effects, one after the other, and starts again on the same
/// disk.
final class CrashTest {
  private static final int FRESH_EFFECTS = 40;
  private static final int RECOVERY_EFFECTS = 24;

  /// Three others that are there all the time and never fail: what dies is `a` alone.
  private static Fleet others(long seed) {
    Fleet fleet = new Fleet(seed);
    for (String name : List.of("a", "b", "c", "d")) {
      fleet.node(name);
    }
    List.of("b", "c", "d").forEach(name -> fleet.get(name).start());
    return fleet;
  }

  @TestFactory
  Stream<DynamicTest> freshNode_dyingBeforeAnyEffect_becomesReadyAfterTheNextStart() {
    return IntStream.rangeClosed(1, FRESH_EFFECTS)
        .mapToObj(i -> DynamicTest.dynamicTest("effect " + i, () -> dieWhileFresh(i)));
  }

  private static void dieWhileFresh(int effect) {
    Fleet fleet = others(effect);
    TestNode a = fleet.get("a");
    a.dieBefore = effect;
    a.start();
    fleet.runUntil(() -> !a.isUp());
    Optional<AccountId> account = a.disk.store.map(store -> store.name.account());
    long sharesOut =
        Stream.of("b", "c", "d")
            .map(name -> fleet.get(name).disk.store)
            .flatMap(Optional::stream)
            .filter(store -> account.filter(store.ledger::containsKey).isPresent())
            .count();
    a.start();
    fleet.runUntil(
        () -> fleet.nodes.values().stream().allMatch(n -> n.snapshot().state() == NodeState.READY));
    if (sharesOut >= 2 || a.disk.setAside == 0) {
      account.ifPresent(before -> assertEquals(before, a.account()));
    }
    boolean loud = a.reported(Event.UnusedStoreSetAside.class::isInstance);
    assertEquals(a.disk.setAside > 0, loud);
    assertTrue(a.snapshot().acceptsUserWrites());
  }

  @TestFactory
  Stream<DynamicTest> recoveringNode_dyingBeforeAnyEffect_recoversAfterTheNextStart() {
    return IntStream.rangeClosed(1, RECOVERY_EFFECTS)
        .mapToObj(i -> DynamicTest.dynamicTest("effect " + i, () -> dieWhileRecovering(i)));
  }

  private static void dieWhileRecovering(int effect) {
    Fleet fleet = Fleet.ready(effect, 4);
    TestNode a = fleet.get("a");
    AccountId account = a.account();
    a.kill();
    a.dieBefore = a.effects() + effect;
    a.start();
    fleet.runUntil(() -> !a.isUp());
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.READY);
    assertEquals(account, a.account());
    assertTrue(a.snapshot().self().instance() >= 2);
    assertEquals(0, a.disk.setAside);
  }

  @Test
  void pendingManifest_whoseProvidersSignThatTheyHoldNothing_isSetAside() {
    Fleet fleet = others(99);
    TestNode a = fleet.get("a");
    dieBeforeAnyDeposit(fleet, a);
    AccountId account = a.disk.store.orElseThrow().name.account();
    List.of("b", "c", "d").forEach(name -> fleet.get(name).failLedgerWrites = 0);
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.READY);
    assertEquals(1, a.disk.setAside);
    assertTrue(a.reported(new Event.UnusedStoreSetAside(account)::equals));
    assertNotEquals(account, a.account());
  }

  @Test
  void pendingManifest_whoseProvidersAreNotHeard_isKeptAndSaid() {
    Fleet fleet = others(97);
    TestNode a = fleet.get("a");
    dieBeforeAnyDeposit(fleet, a);
    AccountId account = a.disk.store.orElseThrow().name.account();
    List.of("b", "c").forEach(name -> fleet.get(name).kill());
    a.start();
    fleet.runFor(Duration.ofMinutes(20));
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    assertEquals(account, a.account());
    assertEquals(0, a.disk.setAside);
    String sentence = a.snapshot().sentence();
    assertTrue(sentence.contains("never committed"), sentence);
    assertTrue(sentence.contains("node-d refused: unknown-account"), sentence);
    assertTrue(sentence.contains("node-b failed: unreachable"), sentence);
  }

  @Test
  void forgedWordThatNothingIsHeld_setsNothingAside() {
    Fleet fleet = others(96);
    TestNode a = fleet.get("a");
    dieBeforeAnyDeposit(fleet, a);
    for (String name : List.of("b", "c", "d")) {
      fleet.get(name).fault =
          _ ->
              Optional.of(
                  new HttpReply.Answered(404, Problem.of(ProblemCode.UNKNOWN_ACCOUNT).toBytes()));
    }
    a.start();
    fleet.runFor(Duration.ofMinutes(5));
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    assertEquals(0, a.disk.setAside);
  }

  private static void dieBeforeAnyDeposit(Fleet fleet, TestNode a) {
    List.of("b", "c", "d").forEach(name -> fleet.get(name).failLedgerWrites = 1_000);
    a.start();
    fleet.runUntil(
        () -> a.disk.pending.isPresent() && a.reported(Event.ProviderFailed.class::isInstance));
    a.kill();
  }

  @Test
  void diskThatFails_isTriedAgain() {
    Fleet fleet = others(98);
    TestNode a = fleet.get("a");
    a.failManifestWrites = 3;
    fleet.get("b").failLedgerWrites = 2;
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.READY);
    assertTrue(a.reported(Event.Failed.class::isInstance));
  }
}
