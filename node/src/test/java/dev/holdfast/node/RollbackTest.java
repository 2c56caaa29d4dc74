package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Labels;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.posture.Fencing;
import dev.holdfast.protocol.posture.Witnessing;
import dev.holdfast.protocol.posture.Witnessing.Mode;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.statement.RollbackAcceptance;
import dev.holdfast.protocol.statement.SignedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An operator puts an older copy of a disk back, or lets two histories of it grow.
final class RollbackTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LEASE = Fencing.DEFAULT.lease();

  private static Fleet fleet(long seed) {
    return Fleet.ready(seed, 4);
  }

  private static boolean isWitnessed(TestNode node) {
    return node.snapshot().witnessed() >= node.disk.store.orElseThrow().version;
  }

  private static void write(TestNode node, String value) {
    node.fleet.runUntil(node::serves);
    node.put("name", value);
    node.fleet.runUntil(() -> isWitnessed(node));
  }

  /// `a` wrote twice, was killed, and has its disk of before the second write.
  private static TestNode rolledBack(Fleet fleet) {
    TestNode a = fleet.get("a");
    write(a, "old");
    Disk old = a.disk.copy();
    write(a, "new");
    a.kill();
    a.disk = old;
    return a;
  }

  private static void assertRefuses(TestNode node) {
    assertEquals(NodeState.ROLLED_BACK, node.snapshot().state());
    assertFalse(node.serves());
    assertFalse(node.snapshot().acceptsUserWrites());
    assertFalse(node.snapshot().storeOpen());
    assertTrue(node.snapshot().rollback().isPresent());
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void olderDisk_isRefusedAndSaysWhatIsLost(Mode mode) {
    Witnessing witnessing =
        new Witnessing(mode, Witnessing.DEFAULT.interval(), 0, Witnessing.DEFAULT.maxUnwitnessed());
    Fleet fleet = Fleet.ready(61, 4, Fleet.posture(2, 3, Fencing.DEFAULT, witnessing));
    TestNode a = rolledBack(fleet);
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.ROLLED_BACK);
    assertRefuses(a);
    String sentence = a.snapshot().sentence();
    assertTrue(sentence.contains("older than its providers remember"), sentence);
    assertTrue(sentence.contains("found run 1, version 2"), sentence);
    assertTrue(sentence.contains("remembered run 1, version 3"), sentence);
    assertTrue(sentence.contains("2 release key(s)"), sentence);
    fleet.runFor(LEASE.multipliedBy(2));
    assertRefuses(a);
    a.kill();
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.ROLLED_BACK);
  }

  @Test
  void sameDisk_isTaken() {
    Fleet fleet = fleet(62);
    TestNode a = fleet.get("a");
    write(a, "one");
    a.kill();
    a.start();
    fleet.runUntil(a::serves);
    assertEquals("one", a.disk.store.orElseThrow().users.get("name"));
  }

  @Test
  void diskAheadOfItsWitness_isTaken() {
    Fleet fleet = fleet(63);
    TestNode a = fleet.get("a");
    a.put("name", "one");
    a.kill();
    a.start();
    fleet.runUntil(a::serves);
    fleet.runUntil(() -> a.snapshot().state() == NodeState.READY);
  }

  @Test
  void olderDisk_isFoundWhileAProviderIsSilent() {
    Fleet fleet = fleet(64);
    fleet.get("d").kill();
    TestNode a = rolledBack(fleet);
    fleet.get("d").start();
    fleet.runUntil(() -> fleet.get("d").snapshot().storeOpen());
    fleet.get("b").kill();
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.ROLLED_BACK);
  }

  @Test
  void secondHistory_isFoundByItsOtherContent() {
    Fleet fleet = fleet(65);
    TestNode a = fleet.get("a");
    write(a, "old");
    Disk copy = a.disk.copy();
    write(a, "new");
    a.kill();
    copy.store.orElseThrow().put("name", "else");
    a.disk = copy;
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.ROLLED_BACK);
    assertTrue(a.snapshot().sentence().contains("another history"), a.snapshot().sentence());
  }

  @Test
  void olderLedger_isFoundToo() {
    Fleet fleet = fleet(66);
    fleet.runFor(Duration.ofMinutes(3));
    Map<String, Disk> old = new TreeMap<>();
    fleet.nodes.forEach((name, node) -> old.put(name, node.disk.copy()));
    TestNode e = fleet.node("e");
    e.start();
    fleet.runUntil(() -> e.snapshot().state() == NodeState.READY);
    AccountId account = e.account();
    TestNode holder =
        fleet.nodes.values().stream()
            .filter(node -> node.disk.store.orElseThrow().ledger.containsKey(account))
            .findFirst()
            .orElseThrow();
    fleet.runFor(Duration.ofMinutes(2));
    holder.kill();
    holder.disk = Optional.ofNullable(old.get(holder.name)).orElseThrow();
    holder.start();
    fleet.runUntil(() -> holder.snapshot().state() == NodeState.ROLLED_BACK);
  }

  private static SignedStatement signed(RollbackAcceptance acceptance, int... keys) {
    Fleet fleet = new Fleet(0);
    SignedStatement statement = SignedStatement.unsigned(acceptance.toBytes());
    for (int key : keys) {
      statement =
          statement.signedBy(fleet.crypto, Fleet.releaseKey(key), Labels.ACCEPTANCE_SIGNATURE);
    }
    return statement;
  }

  @Test
  void acceptance_byEnoughReleaseKeys_letsItGoOnOnce() {
    Fleet fleet = fleet(67);
    TestNode a = rolledBack(fleet);
    Disk old = a.disk.copy();
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.ROLLED_BACK);
    SignedStatement good = signed(a.snapshot().rollback().orElseThrow(), 1, 3);
    a.post(new Input.RollbackAcceptanceGiven(good));
    fleet.runUntil(a::serves);
    assertTrue(a.reported(Event.RollbackAccepted.class::isInstance));
    assertEquals("old", a.disk.store.orElseThrow().users.get("name"));
    write(a, "newer");
    fleet.runUntil(() -> a.snapshot().state() == NodeState.READY);
    a.kill();
    a.disk = old;
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.ROLLED_BACK);
    a.post(new Input.RollbackAcceptanceGiven(good));
    fleet.runFor(SOON);
    assertRefuses(a);
  }

  @Test
  void acceptance_wrongInOneThing_changesNothing() {
    Fleet fleet = fleet(68);
    TestNode a = rolledBack(fleet);
    a.start();
    fleet.runUntil(() -> a.snapshot().state() == NodeState.ROLLED_BACK);
    RollbackAcceptance right = a.snapshot().rollback().orElseThrow();
    StoreMark mark = right.local();
    Bytes zero = Bytes.zero(32);
    StoreMark otherMark = new StoreMark(mark.storeVersion(), zero, 0, mark.ledgerMac());
    List<SignedStatement> wrong =
        List.of(
            signed(right),
            signed(right, 2),
            signed(right, 4, 5),
            signed(right, 1, 4),
            new SignedStatement(
                right.toBytes(), signed(changed(right, 9, mark), 1, 2).signatures()),
            signed(changed(right, right.instance() + 1, mark), 1, 2),
            signed(changed(right, right.instance(), otherMark), 1, 2),
            signed(
                new RollbackAcceptance(
                    right.account(), zero, right.instance(), mark, 3, right.remembered()),
                1,
                2),
            signed(
                new RollbackAcceptance(
                    right.account(), right.storeId(), right.instance(), mark, 3, zero),
                1,
                2));
    for (SignedStatement statement : wrong) {
      a.events.clear();
      a.post(new Input.RollbackAcceptanceGiven(statement));
      fleet.runFor(SOON);
      assertRefuses(a);
      assertTrue(a.reported(Event.Failed.class::isInstance));
    }
    a.post(new Input.RollbackAcceptanceGiven(signed(right, 1, 2)));
    fleet.runUntil(a::serves);
  }

  private static RollbackAcceptance changed(
      RollbackAcceptance from, long instance, StoreMark mark) {
    return new RollbackAcceptance(
        from.account(),
        from.storeId(),
        instance,
        mark,
        from.rememberedVersion(),
        from.remembered());
  }

  @Test
  void witnessTraffic_blocked_stopsUserWrites() {
    Fleet fleet = fleet(69);
    TestNode a = fleet.get("a");
    for (String name : List.of("b", "c")) {
      fleet.get(name).faults.put(Route.WITNESS, _ -> Optional.empty());
    }
    fleet.runUntil(a::serves);
    a.put("name", "value");
    fleet.runFor(Witnessing.DEFAULT.maxUnwitnessed().minusSeconds(1));
    assertTrue(a.snapshot().acceptsUserWrites());
    fleet.runFor(Duration.ofSeconds(2));
    assertFalse(a.snapshot().acceptsUserWrites());
    assertTrue(a.serves());
    fleet.get("b").faults.clear();
    fleet.get("c").faults.clear();
    fleet.runUntil(() -> a.snapshot().acceptsUserWrites());
  }

  @Test
  void quietFleet_isQuiet() {
    Fleet fleet = fleet(70);
    TestNode a = fleet.get("a");
    write(a, "value");
    fleet.runFor(Duration.ofMinutes(5));
    fleet.nodes.values().forEach(node -> node.asked.clear());
    fleet.runFor(Duration.ofMinutes(10));
    long witnesses =
        fleet.nodes.values().stream()
            .flatMap(node -> node.asked.stream())
            .filter(ask -> ask.route() == Route.WITNESS)
            .count();
    assertEquals(0, witnesses);
  }

  @Test
  void witnesses_ofManyWrites_areGathered() {
    Fleet fleet = fleet(71);
    TestNode a = fleet.get("a");
    fleet.runUntil(a::serves);
    fleet.runFor(Duration.ofMinutes(3));
    a.asked.clear();
    for (int i = 0; i < 100; i++) {
      a.put("name" + i, "value");
      fleet.runFor(Duration.ofMillis(20));
    }
    fleet.runUntil(() -> isWitnessed(a));
    long sent = a.asked.stream().filter(ask -> ask.route() == Route.WITNESS).count();
    assertTrue(sent >= 3 && sent <= 3 * 4, Long.toString(sent));
  }
}
