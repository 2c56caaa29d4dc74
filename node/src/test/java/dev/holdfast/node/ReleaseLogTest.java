package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.log.LogFact.Kind;
import dev.holdfast.node.model.Event;
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
