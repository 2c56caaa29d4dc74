package dev.holdfast.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.node.model.ProviderStatus;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A requester staples the CRL from before its platform was revoked.
final class KnownRevocationTest {
  @Test
  void recovery_ofAPlatformThatTheProvidersKnowToBeRevoked_isRefused() {
    Fleet fleet = Fleet.ready(1, 4);
    TestNode a = fleet.get("a");
    a.kill();
    CollateralRecipe revoking =
        CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, Fleet.START)
            .withPckCrl(crl ->
                crl.withRevoked(
                    Fleet.theVendor().platform(PlatformRecipe.of("machine-a")).serial()));
    for (String name : new String[] {"b", "c", "d"}) {
      fleet.get(name).post(new Input.CollateralObtained(Fleet.collateral(revoking)));
    }
    fleet.runFor(Duration.ofSeconds(1));
    a.start();
    fleet.runFor(Duration.ofMinutes(2));

    assertEquals(NodeState.RECOVERING, a.snapshot().state());
    for (ProviderStatus provider : a.snapshot().providers()) {
      Setback setback = provider.setback().orElseThrow();
      assertEquals(ProblemCode.EVIDENCE_REFUSED.code(), setback.code());
      assertTrue(setback.detail().startsWith("certificate-revoked"), setback.detail());
    }
  }
}
