package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.log.LogFact.Kind;
import dev.holdfast.node.model.Event;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.ProblemCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ReleaseLogTest {
  private static long logged(TestNode node, Kind kind, TestNode about) {
    return node.disk.log.stream()
        .filter(fact -> fact.kind() == kind && fact.account().equals(about.account()))
        .mapToLong(LogFact::count)
        .sum();
  }

  @Test
  void depositClaimAndRelease_areInTheLogsOfProviders() {
    Fleet fleet = Fleet.ready(31, 4);
    TestNode a = fleet.get("a");
    for (String name : new String[] {"b", "c", "d"}) {
      assertTrue(logged(fleet.get(name), Kind.DEPOSIT, a) > 0, name);
      assertTrue(logged(fleet.get(name), Kind.CLAIM, a) > 0, name);
      assertEquals(0, logged(fleet.get(name), Kind.RELEASE, a), name);
    }
    a.kill();
    a.start();
    fleet.runUntil(() -> a.snapshot().acceptsUserWrites());
    long releases = 0;
    for (String name : new String[] {"b", "c", "d"}) {
      releases += logged(fleet.get(name), Kind.RELEASE, a);
    }
    assertTrue(releases >= 2);
  }

  private static long refused(TestNode node) {
    return node.events.stream().filter(Event.ReleaseRefused.class::isInstance).count();
  }

  private static long refusals(TestNode node) {
    return node.disk.log.stream()
        .filter(fact -> fact.kind() == Kind.REFUSAL)
        .mapToLong(LogFact::count)
        .sum();
  }

  private static boolean isRateLimited(Event event) {
    return event instanceof Event.ReleaseRefused refused
        && refused.code() == ProblemCode.RATE_LIMITED;
  }

  /// A fleet of which `a` was started as an image that nobody gives a share to, and was refused.
  private static Fleet refusing(long seed) {
    Fleet fleet = Fleet.ready(seed, 4);
    TestNode a = fleet.get("a");
    a.kill();
    a.image = "another";
    a.start();
    fleet.runUntil(() -> refused(fleet.get("b")) > 0);
    return fleet;
  }

  @Test
  void refusals_areGatheredForAMinute() {
    Fleet fleet = refusing(33);
    TestNode a = fleet.get("a");
    TestNode b = fleet.get("b");
    assertEquals(0, refusals(b));
    fleet.runFor(Duration.ofMinutes(5));
    a.kill();
    fleet.runFor(Duration.ofMinutes(2));
    assertTrue(refused(b) > 6, () -> "" + refused(b));
    assertEquals(refused(b), refusals(b));
    assertTrue(b.disk.log.stream().filter(fact -> fact.kind() == Kind.REFUSAL).count() <= 6);
  }

  @Test
  void refusals_notYetWritten_areWrittenWhenTheNodeStops() {
    Fleet fleet = refusing(34);
    TestNode b = fleet.get("b");
    assertEquals(0, refusals(b));
    b.stop();
    fleet.runUntil(() -> !b.isUp());
    assertEquals(refused(b), refusals(b));
  }

  @Test
  void refusals_thatCouldNotBeWritten_areWrittenLater() {
    Fleet fleet = refusing(35);
    TestNode b = fleet.get("b");
    b.disk.logFails = true;
    fleet.runFor(Duration.ofMinutes(3));
    fleet.get("a").kill();
    assertEquals(0, refusals(b));
    b.disk.logFails = false;
    fleet.runFor(Duration.ofMinutes(3));
    assertEquals(refused(b), refusals(b));
  }

  @Test
  void provider_thatCannotLogForLong_refusesAndThenReleases() {
    Fleet fleet = Fleet.ready(36, 4);
    TestNode a = fleet.get("a");
    a.kill();
    for (String name : new String[] {"b", "c", "d"}) {
      fleet.get(name).disk.logFails = true;
    }
    a.start();
    fleet.runFor(Duration.ofMinutes(50));
    for (String name : new String[] {"b", "c", "d"}) {
      TestNode provider = fleet.get(name);
      assertTrue(refused(provider) > Limits.RELEASES_PER_ACCOUNT_AND_HOUR, name);
      assertFalse(provider.reported(ReleaseLogTest::isRateLimited), name);
      provider.disk.logFails = false;
    }
    fleet.runFor(Duration.ofMinutes(2));
    assertTrue(a.snapshot().storeOpen());
  }

  @Test
  void provider_thatCannotLog_releasesNothing() {
    Fleet fleet = Fleet.ready(32, 4);
    TestNode a = fleet.get("a");
    a.kill();
    for (String name : new String[] {"b", "c", "d"}) {
      fleet.get(name).disk.logFails = true;
    }
    a.start();
    fleet.runFor(Duration.ofMinutes(1));
    assertFalse(a.snapshot().storeOpen());
    for (String name : new String[] {"b", "c", "d"}) {
      assertFalse(fleet.get(name).reported(Event.Released.class::isInstance), name);
      fleet.get(name).disk.logFails = false;
    }
    fleet.runUntil(() -> a.snapshot().storeOpen());
  }
}
