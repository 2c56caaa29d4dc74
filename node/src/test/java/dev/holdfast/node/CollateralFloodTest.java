package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.Peer;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Route;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Strangers bring a node collateral by the hundred.
final class CollateralFloodTest {
  private static HttpReply.Answered ask(TestNode node, Route route, Bytes digest, Bytes body) {
    List<HttpReply> replies = new ArrayList<>();
    String path = route.path() + "/" + digest.toHex();
    node.receive(new HttpAsk(node.endpoint(), route, path, body), replies::add);
    return assertInstanceOf(HttpReply.Answered.class, replies.getFirst());
  }

  private static HttpReply.Answered bring(TestNode node, Collateral collateral) {
    return ask(node, Route.COLLATERAL_PUSH, collateral.digest(), collateral.toJson());
  }

  private static boolean has(TestNode node, Collateral collateral) {
    return ask(node, Route.COLLATERAL_FETCH, collateral.digest(), Bytes.EMPTY).status() == 200;
  }

  private static Collateral madeUp(int number) {
    try {
      return Collateral.parse(
          JsonWriter.object().put("tcb_info", Integer.toString(number)).toBytes());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static Collateral genuine(int number) {
    return Fleet.collateral(
        CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, Fleet.START)
            .withEvaluationNumber(number));
  }

  @Test
  void madeUpCollateral_isNotKept() throws MalformedException {
    TestNode a = Fleet.ready(1, 4).get("a");
    HttpReply.Answered refused = bring(a, madeUp(1));
    assertEquals(ProblemCode.EVIDENCE_REFUSED, Problem.parse(refused.body()).code());
    assertFalse(has(a, madeUp(1)));
  }

  @Test
  void expiredCollateral_ofTheVendor_isKept() {
    TestNode a = Fleet.ready(2, 4).get("a");
    Collateral old =
        Fleet.collateral(
            CollateralRecipe.defaults(
                PlatformRecipe.DEFAULT_FMSPC, Fleet.START.minus(Duration.ofDays(365))));
    assertEquals(204, bring(a, old).status());
    assertTrue(has(a, old));
  }

  @Test
  void genuineCollateral_inAFlood_displacesNothingOfTheNodesOwn() {
    Fleet fleet = Fleet.ready(3, 4);
    List<Collateral> flood =
        IntStream.rangeClosed(100, 100 + Limits.COLLATERAL_BROUGHT)
            .mapToObj(CollateralFloodTest::genuine)
            .toList();
    for (TestNode node : List.copyOf(fleet.nodes.values())) {
      flood.forEach(document -> assertEquals(204, bring(node, document).status()));
      assertTrue(has(node, node.collateral));
      assertFalse(has(node, flood.getFirst()));
      assertTrue(has(node, flood.get(1)));
    }
    TestNode late = fleet.node("x");
    late.start();
    fleet.runUntil(() -> late.snapshot().state() == NodeState.READY);
  }

  @Test
  void push_ofWhatIsOnNoShelf_bringsIt() {
    TestNode a = Fleet.ready(4, 4).get("a");
    Peer peer = new Peer(a.account(), a.endpoint(), "a");
    Call push =
        new Call.PushCollateral(
            a.endpoint(), List.of(madeUp(1)), new Call.AskChallenge(peer, a.account()));
    assertEquals(madeUp(1).toJson(), a.workshop().prepare(push).body());
  }
}
