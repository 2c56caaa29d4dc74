package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.work.Workshop;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.SignedBody;
import dev.holdfast.protocol.message.ChallengeRequest;
import dev.holdfast.protocol.posture.Fencing;
import dev.holdfast.protocol.posture.Witnessing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Of all live copies of an account at most one serves its users, at any instant.
final class FencingTest {
  private static final Duration LEASE = Fencing.DEFAULT.lease();

  /// A second node on another machine with a copy of the disk of `original`.
  private static TestNode copy(TestNode original, String name) {
    TestNode copy = original.fleet.node(name);
    copy.disk = original.disk.copy();
    copy.posture = original.posture;
    return copy;
  }

  private static void neverTwo(Fleet fleet, TestNode... copies) {
    fleet.watch =
        () ->
            assertTrue(
                Stream.of(copies).filter(TestNode::serves).count() <= 1,
                () -> "two copies serve:\n" + fleet.describe());
  }

  @Test
  void run_thatReachesNobody_stopsBeforeTheNextServes() {
    Fleet fleet = Fleet.ready(41, 4);
    TestNode old = fleet.get("a");
    TestNode next = copy(old, "x");
    neverTwo(fleet, old, next);
    assertTrue(old.serves());
    old.cut = true;
    next.start();
    Instant start = fleet.now();
    fleet.runUntil(() -> !old.serves());
    assertEquals(NodeState.UNCONFIRMED, old.snapshot().state());
    assertFalse(old.snapshot().acceptsUserWrites());
    fleet.runUntil(next::serves);
    Duration waited = Duration.between(start, fleet.now());
    assertTrue(waited.compareTo(LEASE.plusSeconds(2)) < 0, waited.toString());
    old.cut = false;
    fleet.runUntil(() -> old.snapshot().state() == NodeState.FENCED);
    assertTrue(old.snapshot().sentence().contains("a later run took over"));
    assertTrue(old.reported(Event.Fenced.class::isInstance));
    assertFalse(old.snapshot().storeOpen());
    fleet.runFor(LEASE.multipliedBy(3));
    assertTrue(next.serves());
    assertEquals(NodeState.FENCED, old.snapshot().state());
  }

  @Test
  void fencedRun_servesNoPeerEither() {
    Fleet fleet = Fleet.ready(42, 4);
    TestNode old = fleet.get("a");
    copy(old, "x").start();
    fleet.runUntil(() -> old.snapshot().state() == NodeState.FENCED);
    Bytes body = new ChallengeRequest(fleet.get("b").account(), old.account()).toBytes();
    List<String> codes = new ArrayList<>();
    old.receive(
        new HttpAsk(old.endpoint(), Route.CHALLENGE, Route.CHALLENGE.path(), body),
        reply -> codes.add(Actor.code((HttpReply.Answered) reply)));
    assertEquals(List.of(ProblemCode.NOT_OPEN.code()), codes);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
  void twoCopies_recoveringAtOnce_oneServesInTheEnd(long seed) {
    Fleet fleet = Fleet.ready(100 + seed, 4);
    TestNode one = fleet.get("a");
    one.kill();
    TestNode other = copy(one, "x");
    neverTwo(fleet, one, other);
    fleet.after(Duration.ofMillis(fleet.random.nextInt(40)), one::start);
    fleet.after(Duration.ofMillis(fleet.random.nextInt(40)), other::start);
    fleet.runFor(LEASE.multipliedBy(4));
    assertEquals(1, Stream.of(one, other).filter(TestNode::serves).count(), fleet.describe());
    TestNode loser = one.serves() ? other : one;
    assertEquals(NodeState.FENCED, loser.snapshot().state(), fleet.describe());
  }

  @Test
  void restart_afterAStop_waitsForNothing() {
    Fleet fleet = Fleet.ready(43, 4);
    TestNode a = fleet.get("a");
    a.stop();
    fleet.runUntil(() -> !a.isUp());
    a.start();
    Instant start = fleet.now();
    fleet.runUntil(a::serves);
    Duration took = Duration.between(start, fleet.now());
    assertTrue(took.toMillis() < 1000, took.toString());
  }

  @Test
  void restart_afterAKill_waitsOutTheLeaseAndNoLonger() {
    Fleet fleet = Fleet.ready(44, 4);
    TestNode a = fleet.get("a");
    a.kill();
    fleet.runFor(Duration.ofSeconds(15));
    a.start();
    Instant start = fleet.now();
    fleet.runUntil(() -> a.snapshot().storeOpen());
    fleet.runUntil(
        () -> a.snapshot().sentence().contains("until an earlier run must have stopped"));
    assertEquals(NodeState.UNCONFIRMED, a.snapshot().state());
    fleet.runUntil(a::serves);
    Duration took = Duration.between(start, fleet.now());
    assertTrue(took.compareTo(LEASE.minusSeconds(15)) < 0, took.toString());
    assertTrue(took.compareTo(Duration.ofSeconds(4)) > 0, took.toString());
  }

  @Test
  void stop_withNobodyThere_endsWithinItsBound() {
    Fleet fleet = Fleet.ready(45, 4);
    TestNode a = fleet.get("a");
    a.cut = true;
    a.put("name", "value");
    a.stop();
    Instant start = fleet.now();
    fleet.runUntil(() -> !a.isUp());
    assertTrue(Duration.between(start, fleet.now()).toMillis() <= 2000);
  }

  @Test
  void provider_thatRestarted_makesTheNextRunWaitAWholeLease() {
    Fleet fleet = Fleet.ready(46, 4);
    TestNode old = fleet.get("a");
    TestNode next = copy(old, "x");
    neverTwo(fleet, old, next);
    old.cut = true;
    for (String name : List.of("b", "c", "d")) {
      TestNode provider = fleet.get(name);
      provider.stop();
      fleet.runUntil(() -> !provider.isUp());
      provider.start();
      fleet.runUntil(() -> provider.snapshot().storeOpen());
    }
    next.start();
    Instant start = fleet.now();
    fleet.runUntil(next::serves);
    Duration waited = Duration.between(start, fleet.now());
    assertTrue(waited.compareTo(LEASE.minusSeconds(1)) > 0, waited.toString());
  }

  @Test
  void lyingProvider_withoutALaterClaim_isNotBelieved() {
    Fleet fleet = Fleet.ready(47, 4);
    TestNode a = fleet.get("a");
    SignedBody false_ = new Actor(fleet, fleet.get("b")).claim(99, 'z', false).signed();
    Problem lie = Problem.of(ProblemCode.CLAIM_LOST).withStatement(false_);
    for (String name : List.of("b", "c", "d")) {
      fleet
          .get(name)
          .faults
          .put(
              Route.CLAIM,
              _ -> {
                var answer = Workshop.render(lie);
                return Optional.of(new HttpReply.Answered(answer.status(), answer.body()));
              });
    }
    fleet.runFor(LEASE.multipliedBy(2));
    assertEquals(NodeState.UNCONFIRMED, a.snapshot().state());
    for (String name : List.of("b", "c", "d")) {
      fleet.get(name).faults.clear();
    }
    fleet.runUntil(a::serves);
  }

  @Test
  void bestEffort_withoutAQuorum_goesOnAndSaysSo() {
    Fencing lax = new Fencing(Fencing.Mode.BEST_EFFORT, LEASE);
    Fleet fleet = Fleet.ready(48, 4, Fleet.posture(2, 3, lax, Witnessing.DEFAULT));
    TestNode a = fleet.get("a");
    a.cut = true;
    fleet.runFor(LEASE.multipliedBy(2));
    assertTrue(a.serves());
    assertTrue(a.reported(Event.Unconfirmed.class::isInstance));
  }

  @Test
  void registry_unreadable_stopsNoClaim() {
    Fleet fleet = Fleet.ready(49, 4);
    TestNode a = fleet.get("a");
    a.stop();
    fleet.runUntil(() -> !a.isUp());
    a.registryDown = true;
    a.start();
    fleet.runUntil(a::serves);
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    a.post(new Input.MembersUnavailable("still down"));
    fleet.runFor(LEASE.multipliedBy(2));
    assertTrue(a.serves());
  }

  @Test
  void lease_lapsedWithoutARival_comesBack() {
    Fleet fleet = Fleet.ready(50, 4);
    TestNode a = fleet.get("a");
    a.cut = true;
    fleet.runUntil(() -> !a.serves());
    a.cut = false;
    fleet.runUntil(a::serves);
    fleet.runUntil(() -> a.snapshot().state() == NodeState.READY);
  }
}
