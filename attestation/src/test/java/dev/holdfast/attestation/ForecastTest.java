package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.CollateralExamination.Facts;
import dev.holdfast.attestation.forecast.Forecast;
import dev.holdfast.attestation.forecast.Forecast.Due;
import dev.holdfast.attestation.forecast.Forecast.Outlook;
import dev.holdfast.attestation.forecast.Forecast.Side;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.attestation.tcb.Shortfall;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers.Recovery;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.tcb.Documents;
import dev.holdfast.simulator.tcb.TcbLevel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// What is ahead of a quote. Spec: docs/spec/attestation.md#forecast
class ForecastTest {
  private static final Recovery OLD = recovery(17);
  private static final Recovery PRESENT = recovery(18);
  private static final Recovery NEXT = recovery(19);
  private static final Recovery AFTER = recovery(20);
  private static final AttestationPolicy DEFAULTS = AttestationPolicy.defaults();

  @Test
  void forecast_nothingNewInTheEarlyChannel_isSteady() {
    Forecast forecast = forecast(c -> c, c -> c, DEFAULTS);
    assertEquals(Outlook.STEADY, forecast.outlook());
    assertEquals(List.of(), forecast.changes());
    assertEquals(List.of(), forecast.recoveries());
    assertEquals(List.of(), forecast.shortfall());
  }

  @Test
  void forecast_recoveryAhead_saysWhatChangesAndWhatRaisesIt() {
    Forecast forecast = forecast(c -> c, ForecastTest::recovered, DEFAULTS);
    assertEquals(Outlook.WILL_BE_REJECTED, forecast.outlook());
    assertEquals(
        List.of(
            "TCB evaluation number: 18 -> 19",
            "verdict: accepted -> rejected (tcb-out-of-date)",
            "TCB status: UpToDate -> OutOfDate",
            "new advisories: INTEL-SA-99999"),
        forecast.changes());
    assertEquals(
        List.of("SGX component 0 is 3, needs 4: update the platform's firmware"),
        forecast.shortfall().stream().map(Shortfall::toString).toList());
    assertEquals(List.of(NEXT), forecast.recoveries());
  }

  @Test
  void forecast_policyThatAcceptsWhatComes_isSteadyAndNamesTheChange() {
    AttestationPolicy tolerant =
        DEFAULTS.withAcceptedStatuses(Set.of(TcbStatus.OUT_OF_DATE)).withAnyAdvisory();
    Forecast forecast = forecast(c -> c, ForecastTest::recovered, tolerant);
    assertEquals(Outlook.STEADY, forecast.outlook());
    assertTrue(forecast.changes().contains("TCB status: UpToDate -> OutOfDate"));
  }

  @Test
  void forecast_rejectedNow_saysWhetherThatStays() {
    UnaryOperator<CollateralRecipe> refused = c -> c.withPlatformStatus("ConfigurationNeeded");
    assertEquals(Outlook.WILL_BE_ACCEPTED, forecast(refused, c -> c, DEFAULTS).outlook());
    assertEquals(Outlook.REJECTED, forecast(refused, refused, DEFAULTS).outlook());
  }

  @Test
  void forecast_listOfTheOtherTechnology_namesNoRecoveries() {
    TcbEvaluationNumbers sgx = numbers(Tee.SGX);
    Forecast forecast =
        Forecast.of(
            side(c -> c, DEFAULTS),
            side(ForecastTest::recovered, DEFAULTS),
            Optional.of(sgx),
            DEFAULTS);
    assertEquals(List.of(), forecast.recoveries());
  }

  @Test
  void calendar_ofDocumentsAndGraces_isInOrder() {
    Instant soon = Situation.NOW.plusSeconds(60);
    AttestationPolicy dated = DEFAULTS.withGraceUntil(soon).withCollateralGraceUntil(Instant.MAX);
    List<Due> calendar = forecast(c -> c, c -> c, dated).calendar();
    assertEquals(new Due("grace of the policy", soon), calendar.getFirst());
    assertEquals(new Due("collateral grace of the policy", Instant.MAX), calendar.getLast());
    Facts facts = side(c -> c, dated).collateral();
    assertTrue(calendar.contains(new Due("TCB info", facts.tcbInfo().nextUpdate())));
    assertEquals(6, calendar.size());
  }

  private static CollateralRecipe recovered(CollateralRecipe recipe) {
    List<TcbLevel> levels = new ArrayList<>(Documents.tdxLevels());
    TcbLevel present = levels.getFirst();
    List<Integer> raised = new ArrayList<>(present.sgx());
    raised.set(0, raised.getFirst() + 1);
    levels.set(0, present.withStatus("OutOfDate").withAdvisoryIds(List.of("INTEL-SA-99999")));
    levels.addFirst(present.withSgx(raised));
    return recipe.withTcbInfo(d -> d.withTcbLevels(levels)).withEvaluationNumber(19);
  }

  private static Forecast forecast(
      UnaryOperator<CollateralRecipe> now,
      UnaryOperator<CollateralRecipe> ahead,
      AttestationPolicy policy) {
    return Forecast.of(
        side(now, policy), side(ahead, policy), Optional.of(numbers(Tee.TDX)), policy);
  }

  private static Side side(UnaryOperator<CollateralRecipe> change, AttestationPolicy policy) {
    Situation situation = Situation.collateral(change).withPolicy(p -> policy);
    Facts facts = assertInstanceOf(Facts.class, Situation.VERIFIER.examine(situation.parsed()));
    return new Side(situation.verdict(), facts);
  }

  private static TcbEvaluationNumbers numbers(Tee tee) {
    return new TcbEvaluationNumbers(
        tee, Situation.NOW, Situation.NOW, List.of(AFTER, NEXT, PRESENT, OLD));
  }

  private static Recovery recovery(int number) {
    return new Recovery(number, Situation.NOW, Situation.NOW);
  }
}
