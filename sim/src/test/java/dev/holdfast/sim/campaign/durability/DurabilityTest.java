package dev.holdfast.sim.campaign.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.sim.campaign.durability.Scheme.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DurabilityTest {
  private static final Scheme TWO_OF_THREE = new Scheme(2, 3, Rule.SPREAD);

  @Test
  void history_nothingHappens_nothingIsLost() {
    Losses losses = History.of(with(12, 0, 0, 0, 0, 0), TWO_OF_THREE, 50, 1);

    assertEquals(0, losses.perKey());
    assertEquals(0, losses.yearsWithAnyLoss());
  }

  @Test
  void history_wholeFleetAtOnce_losesEveryKeyAndIsCountedApart() {
    Assumptions blackouts = with(0, 0, 0, 0, 0, 1);

    Losses losses = History.of(blackouts, TWO_OF_THREE, 50, 1);

    assertTrue(losses.keys(Cause.BLACKOUT) > 0);
    assertEquals(0, losses.keys(Cause.BLACKOUT) % blackouts.members());
    assertEquals(0, losses.perKey());
    assertTrue(losses.yearsWithAnyLoss() > 0);
  }

  /// One provider each: a key is lost when its provider is destroyed and its owner starts anew
  /// before the repair, p = 1 - e^(-restart × repair). Who lost its key is as good as destroyed for
  /// those whose shares it held, so the rate is r = (destroyed + r) p.
  @Test
  void history_oneProviderEach_losesAsOftenAsTheFormulaSays() {
    Losses losses = History.of(with(12, 2, 0, 0, 0, 0), new Scheme(1, 1, Rule.ANY), 300, 1);

    double inTime = 1 - Math.exp(-12 * 0.01);
    double expected = 2 * inTime / (1 - inTime);
    assertEquals(expected, losses.perKey(), expected * 0.05);
    assertTrue(losses.keys(Cause.RESTART) > 0);
  }

  /// Three operators or more: no two shares at the same, so one that starts all of its members anew
  /// always leaves two others open.
  @Test
  void history_operatorStartsAllAnew_losesNoKeySpreadOverOperators() {
    Assumptions rollouts = with(0, 0, 5, 0, 0, 0);

    assertEquals(0, History.of(rollouts, TWO_OF_THREE, 20, 1).keys(Cause.ROLLOUT));
    assertTrue(History.of(rollouts, new Scheme(3, 3, Rule.ANY), 20, 1).keys(Cause.ROLLOUT) > 0);
  }

  @Test
  void history_sameSeed_givesTheSameAgain() {
    Assumptions everything = with(12, 1, 1, 1, 1, 0.1);
    Scheme scheme = new Scheme(1, 1, Rule.ANY);

    Losses one = History.of(everything, scheme, 30, 7);
    Losses same = History.of(everything, scheme, 30, 7);
    Losses other = History.of(everything, scheme, 30, 8);

    Stream.of(Cause.values()).forEach(cause -> assertEquals(one.keys(cause), same.keys(cause)));
    assertTrue(Stream.of(Cause.values()).anyMatch(c -> one.keys(c) != other.keys(c)));
  }

  @Test
  void scheme_splitBrainPossible_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Scheme(2, 4, Rule.ANY));
    assertThrows(IllegalArgumentException.class, () -> new Scheme(3, 2, Rule.ANY));
  }

  private static Assumptions with(
      double restart,
      double destroyed,
      double rollout,
      double operatorGone,
      double revoked,
      double blackout) {
    return new Assumptions(
        200,
        6,
        8,
        4,
        restart,
        destroyed,
        0,
        0,
        rollout,
        operatorGone,
        revoked,
        blackout,
        0.01,
        0.02);
  }
}
