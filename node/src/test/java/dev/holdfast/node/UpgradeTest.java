package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Labels;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.ReleasePolicy;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.posture.Safeguards;
import dev.holdfast.protocol.statement.ReleaseStatement;
import dev.holdfast.protocol.statement.ReleaseStatement.Use;
import dev.holdfast.protocol.statement.SignedStatement;
import dev.holdfast.simulator.TdRecipe;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A fleet moves from one image to the next: it needs a statement of its release keys, and nothing
/// that the old image has seen of the new one.
final class UpgradeTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Instant END = Fleet.START.plus(Duration.ofDays(365));

  private static ReleaseStatement.Image image(String name, Use use) {
    Measurement all = TestNode.measurement(TdRecipe.ofImage(name));
    Measurement pinned =
        new Measurement(all.mrTd(), Optional.empty(), all.rtmr1(), all.rtmr2(), Optional.empty());
    return new ReleaseStatement.Image("app", name, use, pinned);
  }

  private static Bytes signed(ReleaseStatement statement, int... keys) {
    Fleet fleet = new Fleet(0);
    SignedStatement signed = SignedStatement.unsigned(statement.toBytes());
    for (int key : keys) {
      signed =
          signed.signedBy(fleet.crypto, Fleet.releaseKey(key), Labels.RELEASE_STATEMENT_SIGNATURE);
    }
    return signed.toBytes();
  }

  private static ReleaseStatement statement(long serial, ReleaseStatement.Image... images) {
    return new ReleaseStatement(serial, Fleet.START, END, List.of(images));
  }

  private static Bytes overlap(long serial) {
    return signed(statement(serial, image("app", Use.RUN), image("next", Use.RUN)), 1, 2);
  }

  private static void give(TestNode node, Bytes statement) {
    assertTrue(node.workshop().statements().offer(statement));
    node.post(new Input.Tick());
  }

  private static void restart(TestNode node, String image) {
    node.stop();
    node.fleet.runUntil(() -> !node.isUp());
    node.image = image;
    node.start();
  }

  private static List<String> codes(TestNode node) {
    List<String> codes = new ArrayList<>();
    for (ProviderStatus provider : node.snapshot().providers()) {
      provider.setback().ifPresent(why -> codes.add(why.code()));
    }
    return codes;
  }

  @Test
  void newImage_underAStatement_takesOverNodeByNode() {
    Fleet fleet = Fleet.ready(81, 4);
    give(fleet.get("b"), overlap(1));
    for (TestNode node : fleet.nodes.values()) {
      restart(node, "next");
      fleet.runUntil(node::serves);
    }
    fleet.runUntil(() ->
        fleet.nodes.values().stream().allMatch(node -> node.snapshot().state() == NodeState.READY));
    for (TestNode node : fleet.nodes.values()) {
      assertEquals(1, node.workshop().statements().serial(), node.name);
      assertEquals(Optional.of(overlap(1)), node.disk.store.orElseThrow().statement, node.name);
    }
  }

  @Test
  void newImage_withoutAStatement_isRefused() {
    Fleet fleet = Fleet.ready(82, 4);
    TestNode a = fleet.get("a");
    restart(a, "next");
    fleet.runFor(SOON);
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    assertTrue(codes(a).contains(ProblemCode.EVIDENCE_REFUSED.code()), codes(a).toString());
    give(a, overlap(1));
    fleet.runUntil(a::serves);
  }

  @Test
  void oldImage_leftOutOfALaterStatement_isRefused() {
    Fleet fleet = Fleet.ready(83, 4);
    give(fleet.get("b"), overlap(1));
    TestNode a = fleet.get("a");
    restart(a, "next");
    fleet.runUntil(a::serves);
    give(a, signed(statement(2, image("next", Use.RUN), image("app", Use.ORIGIN)), 1, 3));
    fleet.runUntil(() ->
        fleet.nodes.values().stream().allMatch(node -> node.workshop().statements().serial() == 2));
    restart(a, "app");
    fleet.runFor(SOON);
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    assertTrue(codes(a).contains(ProblemCode.EVIDENCE_REFUSED.code()), codes(a).toString());
    restart(a, "next");
    fleet.runUntil(a::serves);
  }

  @Test
  void origin_ofAnImageThatNoStatementNames_isRefused() {
    Fleet fleet = Fleet.ready(84, 4);
    TestNode a = fleet.get("a");
    for (TestNode node : fleet.nodes.values()) {
      give(node, signed(statement(1, image("next", Use.RUN)), 1, 2));
    }
    restart(a, "next");
    fleet.runFor(SOON);
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    assertEquals(ProblemCode.ORIGIN_REFUSED.code(), a.snapshot().setback().orElseThrow().code());
    give(a, signed(statement(2, image("next", Use.RUN), image("app", Use.ORIGIN)), 1, 2));
    fleet.runUntil(a::serves);
  }

  @Test
  void statement_wrongInOneThing_isNotTaken() {
    Fleet fleet = Fleet.ready(85, 4);
    TestNode a = fleet.get("a");
    ReleaseStatement right = statement(5, image("app", Use.RUN));
    give(a, signed(right, 1, 2));
    ReleaseStatement later = statement(6, image("app", Use.RUN));
    List<Bytes> wrong =
        List.of(
            signed(later),
            signed(later, 3),
            signed(later, 1, 4),
            signed(later, 4, 5),
            signed(statement(4, image("app", Use.RUN)), 1, 2),
            signed(statement(5, image("next", Use.RUN)), 1, 2),
            mislabelled(later),
            Bytes.zero(10));
    for (Bytes statement : wrong) {
      assertFalse(a.workshop().statements().offer(statement));
      assertEquals(5, a.workshop().statements().serial());
    }
    assertTrue(a.workshop().statements().offer(signed(later, 2, 3)));
  }

  private static Bytes mislabelled(ReleaseStatement statement) {
    Fleet fleet = new Fleet(0);
    return SignedStatement.unsigned(statement.toBytes())
        .signedBy(fleet.crypto, Fleet.releaseKey(1), Labels.ACCEPTANCE_SIGNATURE)
        .signedBy(fleet.crypto, Fleet.releaseKey(2), Labels.ACCEPTANCE_SIGNATURE)
        .toBytes();
  }

  @Test
  void statement_brought_isKeptAndServedAndNeverGoesBack() {
    Fleet fleet = Fleet.ready(86, 4);
    TestNode a = fleet.get("a");
    Actor actor = new Actor(fleet, a);
    assertEquals(
        ProblemCode.STATEMENT_UNKNOWN.code(),
        Actor.code(actor.ask(Route.STATEMENT_FETCH, Bytes.EMPTY)));
    assertEquals("ok", Actor.code(actor.ask(Route.STATEMENT_PUSH, overlap(7))));
    assertEquals("ok", Actor.code(actor.ask(Route.STATEMENT_PUSH, overlap(7))));
    assertEquals(overlap(7), actor.ask(Route.STATEMENT_FETCH, Bytes.EMPTY).body());
    assertEquals(
        ProblemCode.STATEMENT_REFUSED.code(),
        Actor.code(actor.ask(Route.STATEMENT_PUSH, overlap(6))));
    fleet.runUntil(() -> a.disk.store.orElseThrow().statement.isPresent());
    restart(a, "app");
    fleet.runUntil(a::serves);
    assertEquals(
        ProblemCode.STATEMENT_REFUSED.code(),
        Actor.code(actor.ask(Route.STATEMENT_PUSH, overlap(6))));
  }

  @Test
  void statement_afterItsEnd_stillAllowsReleasesForTheGraceAndNoDeposits() {
    Fleet fleet = new Fleet(87);
    TestNode node = fleet.node("p");
    node.start();
    fleet.runUntil(() -> node.snapshot().storeOpen());
    Actor actor = Actor.member(fleet, node);
    actor.policy = actor.policy.withStatements("app");
    assertEquals("ok", actor.deposit(actor.parcel()));
    Instant from = fleet.now();
    give(
        node,
        signed(
            new ReleaseStatement(
                1,
                from,
                from.plusSeconds(1).truncatedTo(ChronoUnit.SECONDS),
                List.of(image("app", Use.RUN))),
            1,
            2));
    fleet.runFor(Duration.ofSeconds(5));
    assertEquals("ok", Actor.code(actor.recover(actor.recovery(actor.asked(actor.challenge())))));
    actor.instance = 2;
    assertEquals(ProblemCode.STATEMENT_EXPIRED.code(), actor.deposit(actor.parcel()));
    Duration grace = ReleasePolicy.Statements.DEFAULT_GRACE;
    ReleaseStatement held = statement(1, image("app", Use.RUN));
    assertTrue(held.allowsRelease(END.plus(grace).minusMillis(1), grace));
    assertFalse(held.allowsRelease(END.plus(grace), grace));
    assertFalse(held.allowsRelease(Fleet.START.minusMillis(1), grace));
  }

  @Test
  void fleet_withoutReleaseKeys_heedsNoStatement() {
    Posture with = Fleet.posture(2, 3);
    Posture without =
        new Posture(
            with.trustAnchor(),
            true,
            with.threshold(),
            with.floor(),
            false,
            false,
            Safeguards.DEFAULT);
    Fleet fleet = Fleet.ready(88, 4, without);
    TestNode a = fleet.get("a");
    assertFalse(a.workshop().statements().offer(overlap(1)));
    restart(a, "next");
    fleet.runFor(SOON);
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
  }
}
