package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.posture.Safeguards;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.EnclaveRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.quote.TdField;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The host sees what a node has quoted, and hands over a genuine quote over the same report data
/// of another VM on the same machine.
final class OwnImageTest {
  private static final Duration LONG = Duration.ofMinutes(3);

  private static void substitute(TestNode node, TdRecipe vm) {
    node.substitute = Optional.of(reportData -> node.platform.quote(vm, reportData));
  }

  private static void assertNothingBorn(TestNode node, String detail) {
    assertEquals(NodeState.STARTING, node.snapshot().state());
    assertTrue(node.disk.pending.isEmpty());
    assertTrue(node.disk.store.isEmpty());
    assertRefused(node, detail);
  }

  private static void assertRefused(TestNode node, String detail) {
    var setback = node.snapshot().setback().orElseThrow();
    assertEquals(ProblemCode.EVIDENCE_REFUSED.code(), setback.code());
    assertTrue(setback.detail().startsWith("measurement-mismatch: " + detail), setback.detail());
  }

  @Test
  void birth_onAQuoteOfAnotherImage_doesNotHappen() {
    Fleet fleet = Fleet.ready(1, 4);
    TestNode victim = fleet.node("x");
    substitute(victim, TdRecipe.ofImage("evil"));
    victim.start();
    fleet.runFor(LONG);
    assertNothingBorn(victim, "MRTD");
    victim.substitute = Optional.empty();
    fleet.runUntil(() -> victim.snapshot().state() == NodeState.READY);
  }

  @Test
  void birth_onAQuoteOfAnEnclave_doesNotHappen() {
    Fleet fleet = new Fleet(2);
    TestNode victim = fleet.node("x");
    victim.collateral =
        Fleet.collateral(CollateralRecipe.sgx(PlatformRecipe.DEFAULT_FMSPC, Fleet.START));
    victim.substitute =
        Optional.of(data -> victim.platform.quote(EnclaveRecipe.ofImage("evil"), data));
    victim.start();
    fleet.runFor(LONG);
    assertNothingBorn(victim, "expected a TDX VM");
  }

  @Test
  void recovery_onAQuoteOfAnotherImage_asksNobodyForShares() {
    Fleet fleet = Fleet.ready(3, 4);
    TestNode a = fleet.get("a");
    a.kill();
    a.asked.clear();
    substitute(a, TdRecipe.ofImage("evil"));
    a.start();
    fleet.runFor(LONG);
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    assertFalse(a.snapshot().storeOpen());
    assertRefused(a, "MRTD");
    assertTrue(a.asked.stream().noneMatch(ask -> ask.route() == Route.RECOVER));
    a.substitute = Optional.empty();
    fleet.runUntil(() -> a.snapshot().storeOpen());
  }

  @Test
  void storeMadeByAnotherImage_isNotOpenedOnQuotesOfThatImage() {
    Fleet fleet = new Fleet(4);
    for (String name : List.of("a", "b", "c", "d")) {
      TestNode node = fleet.node(name);
      node.image = "evil";
      node.start();
    }
    fleet.runUntil(
        () -> fleet.nodes.values().stream().allMatch(n -> n.snapshot().state() == NodeState.READY));
    TestNode a = fleet.get("a");
    a.kill();
    a.image = "app";
    substitute(a, TdRecipe.ofImage("evil"));
    a.start();
    fleet.runFor(LONG);
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    assertFalse(a.snapshot().storeOpen());
    assertRefused(a, "MRTD");
  }

  @Test
  void registersLeftToOthers_countOnlyWhenThePosturePinsThem() {
    byte[] filled = new byte[48];
    Arrays.fill(filled, (byte) 1);
    Bytes other = Bytes.copyOf(filled);
    for (TdField register : List.of(TdField.RTMR0, TdField.RTMR3)) {
      TestNode free = born(Fleet.posture(2, 3), register, other);
      assertEquals(NodeState.BACKING_UP, free.snapshot().state(), register.name());
      assertNothingBorn(born(pinned(), register, other), register.name());
    }
  }

  private static Posture pinned() {
    Posture own = Fleet.posture(2, 3);
    return new Posture(
        own.trustAnchor(), true, own.threshold(), own.floor(), true, true, Safeguards.DEFAULT);
  }

  private static TestNode born(Posture posture, TdField register, Bytes value) {
    Fleet fleet = new Fleet(5);
    TestNode node = fleet.node("x");
    node.posture = posture;
    substitute(node, TdRecipe.ofImage(node.image).with(register, value));
    node.start();
    fleet.runFor(LONG);
    return node;
  }
}
