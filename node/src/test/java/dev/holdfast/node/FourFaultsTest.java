package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.work.Workshop;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// One peer of five fails in each of the four ways, on each route: nobody hangs, nobody is the
/// worse for it, and when the peer is well again everybody is.
final class FourFaultsTest {
  /// Without a fault a recovery takes some hundredths of a second.
  private static final Duration SOON = Duration.ofSeconds(1);

  private enum Fault {
    REFUSED,
    SILENT,
    /// Longer than any deadline, so that the answer comes when nobody waits any more.
    SLOW,
    LYING;

    private Optional<HttpReply> spoil(Optional<HttpReply> reply) {
      return switch (this) {
        case REFUSED -> Optional.of(problem());
        case SILENT -> Optional.empty();
        case SLOW -> reply;
        case LYING -> reply.map(Fault::changed);
      };
    }

    private static HttpReply problem() {
      var answer = Workshop.render(Problem.of(ProblemCode.BUSY));
      return new HttpReply.Answered(answer.status(), answer.body());
    }

    /// The same form with another content: one letter of every tenth of the text is another.
    private static HttpReply changed(HttpReply reply) {
      if (!(reply instanceof HttpReply.Answered answered) || answered.status() / 100 != 2) {
        return reply;
      }
      byte[] text = answered.body().toArray();
      for (int i = text.length / 2; i < text.length; i += Math.max(1, text.length / 10)) {
        text[i] = text[i] == 'A' ? (byte) 'B' : (byte) 'A';
      }
      return new HttpReply.Answered(answered.status(), Bytes.copyOf(text));
    }
  }

  static Stream<Arguments> cases() {
    return Stream.of(Route.values())
        .flatMap(route -> Stream.of(Fault.values()).map(fault -> Arguments.of(route, fault)));
  }

  private static long seed(Route route, Fault fault) {
    return (route + " " + fault).hashCode();
  }

  private static void spoil(TestNode node, Route route, Fault fault) {
    node.faults.put(route, fault::spoil);
    if (fault == Fault.SLOW) {
      node.delays.put(route, Duration.ofSeconds(20));
    }
  }

  private static void heal(TestNode node) {
    node.faults.clear();
    node.delays.clear();
  }

  private static boolean allReady(Fleet fleet) {
    return fleet.nodes.values().stream()
        .allMatch(node -> node.snapshot().state() == NodeState.READY);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void freshFleet_withOneFaultyPeer_backsUpAllOthers(Route route, Fault fault) {
    Fleet fleet = new Fleet(seed(route, fault));
    for (String name : new String[] {"a", "b", "c", "d", "e"}) {
      fleet.node(name);
    }
    TestNode faulty = fleet.get("c");
    spoil(faulty, route, fault);
    fleet.nodes.values().forEach(TestNode::start);
    fleet.runUntil(() ->
        fleet.nodes.values().stream()
            .filter(node -> node != faulty)
            .allMatch(node -> node.snapshot().acceptsUserWrites()));
    heal(faulty);
    fleet.runUntil(() -> allReady(fleet));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void recovery_withOneFaultyProvider_takesNoLonger(Route route, Fault fault) {
    Fleet fleet = Fleet.ready(seed(route, fault), 4);
    TestNode a = fleet.get("a");
    TestNode faulty =
        fleet.nodes.values().stream()
            .filter(node -> node != a)
            .filter(node -> a.snapshot().providers().get(1).account().equals(node.account()))
            .findFirst()
            .orElseThrow();
    a.kill();
    spoil(faulty, route, fault);
    a.start();
    Instant start = fleet.now();
    fleet.runUntil(() -> a.snapshot().storeOpen());
    Duration took = Duration.between(start, fleet.now());
    assertTrue(took.compareTo(SOON) < 0, took.toString());
    heal(faulty);
    fleet.runUntil(() -> allReady(fleet));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rotation_withOneFaultyProvider_endsWhenItIsWellAgain(Route route, Fault fault) {
    Fleet fleet = Fleet.ready(seed(route, fault), 5);
    TestNode a = fleet.get("a");
    TestNode faulty =
        fleet.nodes.values().stream()
            .filter(node -> a.snapshot().providers().get(1).account().equals(node.account()))
            .findFirst()
            .orElseThrow();
    spoil(faulty, route, fault);
    a.post(new Input.RotationRequested());
    fleet.runFor(Duration.ofSeconds(30));
    assertTrue(a.snapshot().acceptsUserWrites(), a.snapshot().sentence());
    heal(faulty);
    fleet.runUntil(() -> allReady(fleet) && a.snapshot().self().generation() >= 2);
    a.kill();
    a.start();
    fleet.runUntil(() -> allReady(fleet));
  }
}
