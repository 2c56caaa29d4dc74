package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A requester staples collateral from before its platform's fault was known.
final class EvaluationNumbersTest {
  private static final int USUAL = 18;

  private static Collateral numbered(int number) {
    return Fleet.collateral(
        CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, Fleet.START)
            .withEvaluationNumber(number));
  }

  private static void renew(Fleet fleet, List<String> names) {
    Collateral newer = numbered(USUAL + 1);
    for (String name : names) {
      fleet.get(name).post(new Input.CollateralObtained(newer));
    }
    fleet.runFor(Duration.ofSeconds(1));
  }

  @Test
  void recovery_withCollateralOlderThanTheProvidersOwn_isRefusedUntilItIsRenewed() {
    Fleet fleet = Fleet.ready(1, 4);
    TestNode a = fleet.get("a");
    a.kill();
    renew(fleet, List.of("b", "c", "d"));
    a.start();
    fleet.runFor(Duration.ofMinutes(2));
    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    for (ProviderStatus provider : a.snapshot().providers()) {
      Setback setback = provider.setback().orElseThrow();
      assertEquals(ProblemCode.EVIDENCE_REFUSED.code(), setback.code());
      assertTrue(setback.detail().startsWith("tcb-evaluation-number-too-low"), setback.detail());
    }
    renew(fleet, List.of("a"));
    fleet.runUntil(() -> a.snapshot().storeOpen());
  }

  @Test
  void recovery_whenOneProviderIsAhead_goesOnWithTheOthers() {
    Fleet fleet = Fleet.ready(2, 4);
    TestNode a = fleet.get("a");
    a.kill();
    renew(fleet, List.of("b"));
    a.start();
    fleet.runUntil(() -> a.snapshot().storeOpen());
    assertFalse(a.snapshot().setback().isPresent());
  }
}
