package dev.holdfast.attestation;

import static dev.holdfast.attestation.Defect.genuine;
import static dev.holdfast.attestation.Situation.NOW;
import static dev.holdfast.attestation.Situation.TD;
import static dev.holdfast.attestation.Situation.VENDOR;
import static dev.holdfast.attestation.Situation.collateral;
import static dev.holdfast.attestation.Situation.onPlatform;
import static dev.holdfast.attestation.Situation.tdx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.tcb.Shortfall;
import dev.holdfast.attestation.tcb.TcbAppraisal;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import dev.holdfast.simulator.quote.TdField;
import dev.holdfast.simulator.tcb.Documents;
import dev.holdfast.simulator.tcb.IsvLevel;
import dev.holdfast.simulator.tcb.TcbLevel;
import dev.holdfast.simulator.tcb.TdxModule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Levels, convergence and relaunch. Spec: docs/spec/attestation.md#tcb-status
class StatusTest {
  private static final List<String> PLATFORM_STATUSES =
      List.of(
          "UpToDate",
          "SWHardeningNeeded",
          "ConfigurationNeeded",
          "ConfigurationAndSWHardeningNeeded",
          "OutOfDate",
          "OutOfDateConfigurationNeeded",
          "Revoked");

  /// Module family 1: SVN 6 or more is what a VM is launched under, 7 what runs now.
  private static final TdRecipe RELAUNCHED = TD.with(TdField.TEE_TCB_SVN2, TdRecipe.svn(7, 1, 4));

  @TestFactory
  Stream<DynamicTest> status_oneShortfall_givesItsReason() {
    return Defect.tests(defects());
  }

  static List<Defect> defects() {
    return List.of(
        status("SWHardeningNeeded", Reason.TCB_SW_HARDENING_NEEDED),
        status("ConfigurationNeeded", Reason.TCB_CONFIGURATION_NEEDED),
        status(
            "ConfigurationAndSWHardeningNeeded", Reason.TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED),
        status("OutOfDate", Reason.TCB_OUT_OF_DATE),
        status("OutOfDateConfigurationNeeded", Reason.TCB_OUT_OF_DATE_CONFIGURATION_NEEDED),
        status("Revoked", Reason.TCB_REVOKED),
        genuine(
            "module out of date",
            Reason.TCB_OUT_OF_DATE,
            collateral(c -> c.withModuleStatus("OutOfDate"))),
        genuine(
            "module revoked", Reason.TCB_REVOKED, collateral(c -> c.withModuleStatus("Revoked"))),
        genuine(
            "QE out of date", Reason.TCB_OUT_OF_DATE, collateral(c -> c.withQeStatus("OutOfDate"))),
        genuine("QE revoked", Reason.TCB_REVOKED, collateral(c -> c.withQeStatus("Revoked"))),
        genuine(
            "platform below all levels",
            Reason.TCB_NOT_SUPPORTED,
            onPlatform(p -> p.withExtension(e -> e.withComponents(Collections.nCopies(16, 0))))),
        genuine(
            "PCE below all levels",
            Reason.TCB_NOT_SUPPORTED,
            onPlatform(p -> p.withExtension(e -> e.withPceSvn(4)))),
        genuine(
            "module below all levels",
            Reason.TCB_NOT_SUPPORTED,
            tdx(QuoteFormat.TDX_V4, TD.with(TdField.TEE_TCB_SVN, TdRecipe.svn(3, 1, 3)))),
        genuine(
            "QE below all levels",
            Reason.TCB_NOT_SUPPORTED,
            tdx(QuoteFormat.TDX_V4, q -> q.withQe(qe -> qe.withEnclave(e -> e.withIsv(2, 1))))),
        genuine("relaunch", Reason.TCB_TD_RELAUNCH_ADVISED, relaunch("OutOfDate", "UpToDate")),
        genuine(
            "relaunch and configuration",
            Reason.TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
            relaunch("OutOfDate", "ConfigurationNeeded")));
  }

  @ParameterizedTest
  @CsvSource({
    "UpToDate, UpToDate, OutOfDate, Revoked",
    "SWHardeningNeeded, SWHardeningNeeded, OutOfDate, Revoked",
    "ConfigurationNeeded, ConfigurationNeeded, OutOfDateConfigurationNeeded, Revoked",
    "ConfigurationAndSWHardeningNeeded, ConfigurationAndSWHardeningNeeded,"
        + " OutOfDateConfigurationNeeded, Revoked",
    "OutOfDate, OutOfDate, OutOfDate, Revoked",
    "OutOfDateConfigurationNeeded, OutOfDateConfigurationNeeded, OutOfDateConfigurationNeeded,"
        + " Revoked",
    "Revoked, Revoked, Revoked, Revoked"
  })
  void convergence_platformAndComponents_asInTheTable(
      String platform, String good, String outOfDate, String revoked) {
    assertEquals(good, converged(platform, "UpToDate", "UpToDate"));
    assertEquals(outOfDate, converged(platform, "OutOfDate", "UpToDate"));
    assertEquals(outOfDate, converged(platform, "UpToDate", "OutOfDate"));
    assertEquals(outOfDate, converged(platform, "OutOfDate", "OutOfDate"));
    assertEquals(revoked, converged(platform, "Revoked", "UpToDate"));
    assertEquals(revoked, converged(platform, "UpToDate", "Revoked"));
    assertEquals(revoked, converged(platform, "Revoked", "OutOfDate"));
  }

  @ParameterizedTest
  @CsvSource({
    "UpToDate, UpToDate UpToDate UpToDate UpToDate UpToDate UpToDate Revoked",
    "SWHardeningNeeded, SWHardeningNeeded SWHardeningNeeded SWHardeningNeeded SWHardeningNeeded"
        + " SWHardeningNeeded SWHardeningNeeded Revoked",
    "ConfigurationNeeded, ConfigurationNeeded ConfigurationNeeded ConfigurationNeeded"
        + " ConfigurationNeeded ConfigurationNeeded ConfigurationNeeded Revoked",
    "ConfigurationAndSWHardeningNeeded, ConfigurationAndSWHardeningNeeded"
        + " ConfigurationAndSWHardeningNeeded ConfigurationAndSWHardeningNeeded"
        + " ConfigurationAndSWHardeningNeeded ConfigurationAndSWHardeningNeeded"
        + " ConfigurationAndSWHardeningNeeded Revoked",
    "OutOfDate, TDRelaunchAdvised TDRelaunchAdvised TDRelaunchAdvisedConfigurationNeeded"
        + " TDRelaunchAdvisedConfigurationNeeded OutOfDate OutOfDate OutOfDate",
    "OutOfDateConfigurationNeeded, TDRelaunchAdvisedConfigurationNeeded"
        + " TDRelaunchAdvisedConfigurationNeeded TDRelaunchAdvisedConfigurationNeeded"
        + " TDRelaunchAdvisedConfigurationNeeded OutOfDateConfigurationNeeded"
        + " OutOfDateConfigurationNeeded OutOfDateConfigurationNeeded",
    "Revoked, Revoked Revoked Revoked Revoked Revoked Revoked Revoked"
  })
  void relaunch_launchAndCurrent_asInTheTable(String launch, String results) {
    List<String> expected = List.of(results.split(" "));
    for (int i = 0; i < PLATFORM_STATUSES.size(); i++) {
      String current = PLATFORM_STATUSES.get(i);
      assertEquals(
          expected.get(i),
          tcb(relaunch(launch, current)).status().code(),
          launch + " and now " + current);
    }
  }

  /// The status is the vendor's; a module that is known to be bad now is refused all the same.
  @ParameterizedTest
  @CsvSource({
    "UpToDate, OutOfDate, tcb-out-of-date",
    "UpToDate, OutOfDateConfigurationNeeded, tcb-out-of-date-configuration-needed",
    "UpToDate, Revoked, tcb-revoked"
  })
  void relaunch_badUnderTheModuleThatRunsNow_refused(String launch, String current, String reason) {
    relaunch(launch, current).assertRejected(Reason.of(reason).orElseThrow());
  }

  @Test
  void relaunch_revokedNowUnderAnAcceptedLaunch_refused() {
    UnaryOperator<AttestationPolicy> tolerant =
        p ->
            p.withAcceptedStatuses(
                    Set.of(TcbStatus.OUT_OF_DATE, TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED))
                .withAnyAdvisory();
    for (String launch : List.of("OutOfDate", "OutOfDateConfigurationNeeded")) {
      Verdict.Rejected rejected =
          relaunch(launch, "Revoked").withPolicy(tolerant).assertRejected(Reason.TCB_REVOKED);
      assertEquals(launch, rejected.tcb().orElseThrow().status().code());
      relaunch(launch, "OutOfDate").withPolicy(tolerant).assertAccepted();
    }
  }

  @Test
  void shortfall_whereARestartHelps_saysSo() {
    String detail =
        relaunch("OutOfDate", "UpToDate").assertRejected(Reason.TCB_TD_RELAUNCH_ADVISED).detail();
    assertTrue(detail.endsWith(": restart the VM"), detail);
    assertFalse(detail.contains("update"), detail);
  }

  @Test
  void relaunch_currentBelowAllLevels_notSupported() {
    TdRecipe td = TD.with(TdField.TEE_TCB_SVN2, TdRecipe.svn(1, 1, 3));
    tdx(QuoteFormat.TDX_V5_15, td).assertRejected(Reason.TCB_NOT_SUPPORTED);
  }

  @Test
  void relaunch_advised_namesAdvisoriesOfTheLaunch() {
    TcbAppraisal tcb = tcb(relaunch("OutOfDate", "UpToDate"));
    assertEquals(List.of("LAUNCH"), tcb.advisoryIds());
    assertEquals(Optional.of(TcbStatus.UP_TO_DATE), tcb.components().current());
  }

  @ParameterizedTest
  @EnumSource(
      value = QuoteFormat.class,
      names = {"SGX_V3", "SGX_V4", "SGX_V5"})
  void convergence_sgx_asForTdx(QuoteFormat format) {
    Situation situation = Situation.sgx(format);
    for (String platform : PLATFORM_STATUSES) {
      CollateralRecipe recipe =
          Situation.SGX.withPlatformStatus(platform).withQeStatus("OutOfDate");
      Situation changed =
          new Situation(
              situation.quote(), VENDOR.collateral(recipe), situation.policy(), situation.at());
      assertEquals(
          converged(platform, "UpToDate", "OutOfDate"), tcb(changed).status().code(), platform);
    }
  }

  @Test
  void levels_shuffled_giveTheSame() {
    Situation shuffled =
        collateral(c ->
            c.withTcbInfo(d ->
                    d.withTcbLevels(Documents.tdxLevels().reversed())
                        .withModuleIdentities(
                            List.of(
                                TdxModule.identity(
                                    "TDX_01",
                                    Documents.isvLevels(Documents.MODULE_SVN, "UpToDate")
                                        .reversed()))))
                .withQeIdentity(d ->
                    d.withIsvLevels(
                        Documents.isvLevels(Documents.TD_QE_SVN, "UpToDate").reversed())));
    assertEquals(tdx().assertAccepted().tcb(), shuffled.assertAccepted().tcb());
  }

  @Test
  void tdxComponents_underModuleFamily_skipTheModulesOwn() {
    List<Integer> needed = new ArrayList<>(Documents.TDX_SVNS);
    needed.set(0, 200);
    needed.set(1, 200);
    assertEquals(TcbStatus.UP_TO_DATE, withTdx(needed).assertAccepted().tcb().status());
    needed.set(2, 200);
    withTdx(needed).assertRejected(Reason.TCB_OUT_OF_DATE);
  }

  @Test
  void tdxComponents_withoutModuleFamily_allCount() {
    TdRecipe old = TD.with(TdField.TEE_TCB_SVN, TdRecipe.svn(5, 0, 3));
    Situation situation = tdx(QuoteFormat.TDX_V4, old);
    TcbAppraisal tcb = situation.assertAccepted().tcb();
    assertEquals(Optional.empty(), tcb.components().module());
    TdRecipe older = TD.with(TdField.TEE_TCB_SVN, TdRecipe.svn(4, 0, 3));
    tdx(QuoteFormat.TDX_V4, older).assertRejected(Reason.TCB_OUT_OF_DATE);
  }

  @Test
  void shortfall_outOfDate_namesEveryMissingSvn() {
    Situation situation =
        tdx()
            .withQuote(
                VENDOR
                    .platform(
                        PlatformRecipe.of("old")
                            .withExtension(e ->
                                e.withPceSvn(13)
                                    .withComponents(
                                        List.of(2, 2, 2, 2, 3, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0))))
                    .quote(
                        TD.with(TdField.TEE_TCB_SVN, TdRecipe.svn(5, 1, 2)),
                        Situation.REPORT_DATA));
    Verdict.Rejected rejected = situation.assertRejected(Reason.TCB_OUT_OF_DATE);
    assertEquals(
        List.of(
            "SGX component 0 is 2, needs 3: update the platform's firmware",
            "SGX component 1 is 2, needs 3: update the platform's firmware",
            "SGX component 4 is 3, needs 4: update the platform's firmware",
            "TDX component 2 is 2, needs 3: update the platform's firmware",
            "TDX module TDX_01 ISVSVN is 5, needs 6: update the host's TDX module"),
        rejected.tcb().orElseThrow().shortfall().stream().map(Shortfall::toString).toList());
    assertEquals(
        "TCB status is OutOfDate: SGX component 0 is 2, needs 3; SGX component 1 is 2, needs 3; "
            + "SGX component 4 is 3, needs 4; TDX component 2 is 2, needs 3: "
            + "update the platform's firmware; TDX module TDX_01 ISVSVN is 5, needs 6: "
            + "update the host's TDX module",
        rejected.detail());
  }

  @Test
  void date_ofAllParts_isTheEarliest() {
    Instant early = Instant.parse("2020-01-01T00:00:00Z");
    IsvLevel level = IsvLevel.of(1, early, "UpToDate");
    Situation module =
        collateral(c ->
            c.withTcbInfo(d ->
                d.withModuleIdentities(List.of(TdxModule.identity("TDX_01", List.of(level))))));
    Situation qe = collateral(c -> c.withQeIdentity(d -> d.withIsvLevels(List.of(level))));
    assertEquals(Optional.of(early), module.assertAccepted().tcb().date());
    assertEquals(Optional.of(early), qe.assertAccepted().tcb().date());
  }

  @Test
  void evaluationNumber_ofBothDocuments_isTheSmaller() {
    Situation situation = collateral(c -> c.withQeIdentity(d -> d.withEvaluationNumber(7)));
    assertEquals(7, situation.assertAccepted().tcb().evaluationNumber());
  }

  private static String converged(String platform, String module, String qe) {
    Situation situation =
        collateral(c -> c.withPlatformStatus(platform).withModuleStatus(module).withQeStatus(qe));
    return tcb(situation).status().code();
  }

  private static TcbAppraisal tcb(Situation situation) {
    return switch (situation.verdict()) {
      case Verdict.Accepted accepted -> accepted.tcb();
      case Verdict.Rejected rejected ->
          rejected.tcb().orElseThrow(() -> new AssertionError(rejected.detail()));
    };
  }

  /// The higher level is met only by what runs now.
  private static Situation relaunch(String launch, String current) {
    TcbLevel base = Documents.tdxLevels().getFirst();
    List<Integer> higher = new ArrayList<>(Documents.TDX_SVNS);
    higher.set(2, 4);
    List<TcbLevel> levels =
        List.of(
            base.withTdx(higher).withStatus(current),
            base.withStatus(launch).withAdvisoryIds(List.of("LAUNCH")));
    return tdx(QuoteFormat.TDX_V5_15, RELAUNCHED)
        .withCollateral(c -> c.withTcbInfo(d -> d.withTcbLevels(levels)));
  }

  private static Situation withTdx(List<Integer> needed) {
    List<TcbLevel> levels = new ArrayList<>(Documents.tdxLevels());
    levels.set(0, levels.getFirst().withTdx(needed));
    UnaryOperator<CollateralRecipe> change = c -> c.withTcbInfo(d -> d.withTcbLevels(levels));
    return collateral(change).at(NOW);
  }

  private static Defect status(String status, Reason reason) {
    return genuine("platform", reason, collateral(c -> c.withPlatformStatus(status)));
  }
}
