package dev.holdfast.attestation;

import static dev.holdfast.attestation.Defect.genuine;
import static dev.holdfast.attestation.Situation.NOW;
import static dev.holdfast.attestation.Situation.TD;
import static dev.holdfast.attestation.Situation.collateral;
import static dev.holdfast.attestation.Situation.onPlatform;
import static dev.holdfast.attestation.Situation.tdx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.policy.EnclaveMeasurement;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.attestation.policy.PlatformFlag;
import dev.holdfast.attestation.policy.Register;
import dev.holdfast.attestation.policy.Relaxation;
import dev.holdfast.attestation.policy.TcbPolicy;
import dev.holdfast.attestation.quote.EnclaveReport;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.Tampering;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.quote.QuoteFormat;
import dev.holdfast.simulator.quote.TdField;
import dev.holdfast.simulator.tcb.Documents;
import dev.holdfast.simulator.tcb.TcbLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a policy refuses and what it lets pass. Spec: docs/spec/attestation.md#policy
class PolicyTest {
  private static final long SEPT_VE_DISABLE = 1L << 28;
  private static final Bytes SERVICE_TD = Documents.hex("07".repeat(48));
  private static final TdReport REPORT = tdx().assertAccepted().claims().td().orElseThrow();
  private static final EnclaveReport ENCLAVE =
      Situation.sgx(QuoteFormat.SGX_V3).assertAccepted().claims().enclave().orElseThrow();
  private static final Instant TCB_DATE = tdx().assertAccepted().tcb().date().orElseThrow();

  @TestFactory
  Stream<DynamicTest> policy_oneViolation_givesItsReason() {
    return Defect.tests(defects());
  }

  static List<Defect> defects() {
    List<Defect> defects = new ArrayList<>();
    defects.addAll(properties());
    defects.addAll(platforms());
    defects.addAll(expectations());
    for (int bit : List.of(1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 26, 31, 32, 39, 61, 62, 63)) {
      defects.add(
          attributes("bit " + bit, Reason.TD_ATTRIBUTES_NOT_ACCEPTED, SEPT_VE_DISABLE | 1L << bit));
    }
    for (int bit : List.of(3, 4, 10, 13, 16, 19, 32, 63)) {
      defects.add(xfam("bit " + bit, 3 | 1L << bit));
    }
    return defects;
  }

  private static List<Defect> properties() {
    return List.of(
        attributes("debug", Reason.DEBUG_ENABLED, SEPT_VE_DISABLE | 1),
        attributes("no SEPT_VE_DISABLE", Reason.SEPT_VE_DISABLE_MISSING, 0),
        attributes("migratable", Reason.MIGRATABLE, SEPT_VE_DISABLE | 1L << 29),
        genuine(
            "debug enclave",
            Reason.DEBUG_ENABLED,
            Situation.sgx(QuoteFormat.SGX_V3)
                .withQuote(
                    Situation.PLATFORM.quote(
                        Situation.ENCLAVE.withDebug(), Situation.REPORT_DATA))),
        genuine(
            "service TD",
            Reason.SERVICE_TD_PRESENT,
            tdx(QuoteFormat.TDX_V5_15, TD.with(TdField.MRSERVICETD, SERVICE_TD))),
        genuine(
            "service TD in an extended report",
            Reason.SERVICE_TD_PRESENT,
            tdx(QuoteFormat.TDX_V5_15_EX, TD.with(TdField.MRSERVICETD, SERVICE_TD))),
        genuine(
            "initial service TD",
            Reason.SERVICE_TD_PRESENT,
            tdx(QuoteFormat.TDX_V5_15_EX, TD.with(TdField.INITIAL_SERVICE_TD_HASH, SERVICE_TD))),
        genuine(
            "current service TD",
            Reason.SERVICE_TD_PRESENT,
            tdx(QuoteFormat.TDX_V5_15_EX, TD.with(TdField.CURRENT_SERVICE_TD_HASH, SERVICE_TD))),
        genuine(
            "service TD beside the accepted one",
            Reason.SERVICE_TD_PRESENT,
            tdx(QuoteFormat.TDX_V5_15, TD.with(TdField.MRSERVICETD, SERVICE_TD))
                .withPolicy(p -> p.withRegisters(Map.of(Register.MRSERVICETD, Set.of(zero()))))),
        xfam("no x87", 2),
        xfam("no SSE", 1));
  }

  private static List<Defect> platforms() {
    return List.of(
        genuine(
            "evaluation number of TCB info",
            Reason.TCB_EVALUATION_NUMBER_TOO_LOW,
            collateral(c -> c.withTcbInfo(d -> d.withEvaluationNumber(17)))
                .withPolicy(p -> p.withMinEvaluationNumber(18))),
        genuine(
            "evaluation number of QE identity",
            Reason.TCB_EVALUATION_NUMBER_TOO_LOW,
            collateral(c -> c.withQeIdentity(d -> d.withEvaluationNumber(17)))
                .withPolicy(p -> p.withMinEvaluationNumber(18))),
        genuine(
            "advisory under an accepted status",
            Reason.ADVISORY_NOT_ACCEPTED,
            hardeningNeeded().withPolicy(p -> p.withAcceptedAdvisoryIds(Set.of("INTEL-SA-2")))),
        genuine(
            "denied advisory under an accepted status",
            Reason.ADVISORY_NOT_ACCEPTED,
            hardeningNeeded()
                .withPolicy(p -> p.withAnyAdvisory().withDeniedAdvisoryIds(Set.of("INTEL-SA-1")))),
        genuine(
            "denied advisory although up to date",
            Reason.ADVISORY_NOT_ACCEPTED,
            leveled("UpToDate").withPolicy(p -> p.withDeniedAdvisoryIds(Set.of("INTEL-SA-1")))),
        genuine(
            "accepted status behind its grace",
            Reason.TCB_SW_HARDENING_NEEDED,
            hardeningNeeded()
                .withPolicy(p -> p.withAnyAdvisory().withGraceUntil(NOW.minusSeconds(1)))),
        genuine(
            "TCB level of an older date",
            Reason.TCB_DATE_TOO_OLD,
            tdx().withPolicy(p -> p.withMinTcbDate(TCB_DATE.plusSeconds(1)))),
        genuine(
            "refused flag of the platform",
            Reason.PLATFORM_NOT_ACCEPTED,
            tdx().withPolicy(p -> p.withRefusedFlags(Set.of(PlatformFlag.SMT)))),
        genuine(
            "refused flag that the platform does not state",
            Reason.PLATFORM_NOT_ACCEPTED,
            underProcessorCa()
                .withPolicy(p -> p.withRefusedFlags(Set.of(PlatformFlag.CACHED_KEYS)))),
        genuine(
            "platform not listed",
            Reason.PLATFORM_NOT_ACCEPTED,
            tdx().withPolicy(p -> p.withPlatforms(Set.of(Bytes.zero(16))))));
  }

  private static List<Defect> expectations() {
    return List.of(
        measured("MRTD", m -> new Measurement(zero(), m.rtmr0(), m.rtmr1(), m.rtmr2(), m.rtmr3())),
        measured(
            "RTMR0",
            m -> new Measurement(m.mrTd(), Optional.of(zero()), m.rtmr1(), m.rtmr2(), m.rtmr3())),
        measured("RTMR1", m -> new Measurement(m.mrTd(), m.rtmr0(), zero(), m.rtmr2(), m.rtmr3())),
        measured("RTMR2", m -> new Measurement(m.mrTd(), m.rtmr0(), m.rtmr1(), zero(), m.rtmr3())),
        measured(
            "RTMR3",
            m ->
                new Measurement(
                    m.mrTd(),
                    m.rtmr0(),
                    m.rtmr1(),
                    m.rtmr2(),
                    Optional.of(Documents.hex("01".repeat(48))))),
        genuine(
            "none accepted",
            Reason.MEASUREMENT_MISMATCH,
            tdx().withPolicy(p -> p.withMeasurements(List.of()))),
        genuine(
            "enclave in place of a VM",
            Reason.MEASUREMENT_MISMATCH,
            Situation.sgx(QuoteFormat.SGX_V3)
                .withPolicy(p -> p.withMeasurements(List.of(Measurement.of(REPORT))))),
        registered(Register.MRCONFIGID),
        registered(Register.MRSEAM),
        registered(Register.RTMR3),
        registered(Register.MROWNERCONFIG),
        genuine(
            "enclave where registers of a VM are named",
            Reason.MEASUREMENT_MISMATCH,
            Situation.sgx(QuoteFormat.SGX_V3)
                .withPolicy(p -> p.withRegisters(Map.of(Register.MRSEAM, Set.of(zero()))))),
        genuine(
            "VM of any image where enclaves and a register are named",
            Reason.MEASUREMENT_MISMATCH,
            tdx()
                .withPolicy(p ->
                    p.withEnclaves(List.of())
                        .withRegisters(Map.of(Register.MRSEAM, Set.of(REPORT.mrSeam()))))),
        genuine(
            "VM in place of an enclave",
            Reason.MEASUREMENT_MISMATCH,
            tdx().withPolicy(p -> p.withEnclaves(List.of(build(ENCLAVE.mrEnclave()))))),
        enclave("MRENCLAVE", build(Bytes.zero(32))),
        enclave("MRSIGNER", product(Bytes.zero(32), ENCLAVE.isvProdId(), 0)),
        enclave("ISVPRODID", product(ENCLAVE.mrSigner(), ENCLAVE.isvProdId() + 1, 0)),
        enclave("ISVSVN", product(ENCLAVE.mrSigner(), ENCLAVE.isvProdId(), ENCLAVE.isvSvn() + 1)),
        genuine(
            "no enclave accepted",
            Reason.MEASUREMENT_MISMATCH,
            Situation.sgx(QuoteFormat.SGX_V3).withPolicy(p -> p.withEnclaves(List.of()))),
        genuine(
            "last bit of report data",
            Reason.REPORT_DATA_MISMATCH,
            tdx()
                .withPolicy(
                    p -> p.withReportData(Tampering.xor(63, 1).apply(Situation.REPORT_DATA)))),
        genuine(
            "shorter report data",
            Reason.REPORT_DATA_MISMATCH,
            tdx().withPolicy(p -> p.withReportData(Situation.REPORT_DATA.slice(0, 32)))));
  }

  @ParameterizedTest
  @EnumSource(Relaxation.class)
  void relaxation_ofOneProperty_letsExactlyThatPass(Relaxation relaxation) {
    Situation situation =
        switch (relaxation) {
          case DEBUG -> tdx(QuoteFormat.TDX_V4, TD.withDebug());
          case SERVICE_TD -> tdx(QuoteFormat.TDX_V5_15, TD.with(TdField.MRSERVICETD, SERVICE_TD));
          case SEPT_VE_DISABLE_MISSING -> tdx(QuoteFormat.TDX_V4, TD.withAttributes(0));
          case MIGRATABLE -> tdx(QuoteFormat.TDX_V4, TD.withMigratable());
          case PERFMON -> tdx(QuoteFormat.TDX_V4, TD.withAttributes(SEPT_VE_DISABLE | 1L << 63));
          case KEY_LOCKER -> tdx(QuoteFormat.TDX_V4, TD.withAttributes(SEPT_VE_DISABLE | 1L << 31));
        };
    situation.withPolicy(p -> p.withRelaxations(Set.of(relaxation))).assertAccepted();
    EnumSet<Relaxation> others = EnumSet.complementOf(EnumSet.of(relaxation));
    Situation refused = situation.withPolicy(p -> p.withRelaxations(others));
    assertEquals(situation.verdict(), refused.verdict());
  }

  @Test
  void serviceTd_acceptedByName_letsExactlyThatPass() {
    TdRecipe bound =
        TD.with(TdField.MRSERVICETD, SERVICE_TD)
            .with(TdField.INITIAL_SERVICE_TD_HASH, SERVICE_TD)
            .with(TdField.CURRENT_SERVICE_TD_HASH, SERVICE_TD);
    UnaryOperator<AttestationPolicy> named =
        p -> p.withRegisters(Map.of(Register.MRSERVICETD, Set.of(SERVICE_TD)));
    tdx(QuoteFormat.TDX_V5_15_EX, bound).withPolicy(named).assertAccepted();
    tdx(QuoteFormat.TDX_V5_15_EX, TD).withPolicy(named).assertRejected(Reason.MEASUREMENT_MISMATCH);
  }

  @Test
  void grace_atItsLastInstant_statusAccepted() {
    hardeningNeeded().withPolicy(p -> p.withAnyAdvisory().withGraceUntil(NOW)).assertAccepted();
    tdx().withPolicy(p -> p.withGraceUntil(NOW.minusSeconds(1))).assertAccepted();
  }

  @Test
  void grace_ended_detailNamesItsEnd() {
    String detail =
        hardeningNeeded()
            .withPolicy(p -> p.withAnyAdvisory().withGraceUntil(NOW.minusSeconds(1)))
            .assertRejected(Reason.TCB_SW_HARDENING_NEEDED)
            .detail();
    assertTrue(detail.contains("accepted until " + NOW.minusSeconds(1)), detail);
  }

  @Test
  void minTcbDate_ofTheLevelMet_accepted() {
    tdx().withPolicy(p -> p.withMinTcbDate(TCB_DATE)).assertAccepted();
  }

  @Test
  void platformFlags_notSet_accepted() {
    tdx().withPolicy(p -> p.withRefusedFlags(Set.of(PlatformFlag.CACHED_KEYS))).assertAccepted();
  }

  @Test
  void registers_oneOfTheirValues_accepted() {
    tdx()
        .withPolicy(p ->
            p.withRegisters(
                Map.of(
                    Register.MRSEAM, Set.of(zero(), REPORT.mrSeam()),
                    Register.MRCONFIGID, Set.of(REPORT.mrConfigId()))))
        .assertAccepted();
  }

  @ParameterizedTest
  @EnumSource(Register.class)
  void register_ofAReport_isItsField(Register register) {
    TdField field = TdField.valueOf(register.name());
    Bytes value = Documents.hex("5a".repeat(Register.SIZE));
    TdReport report =
        tdx(QuoteFormat.TDX_V5_15, TD.with(field, value))
            .withPolicy(p -> p.withRelaxations(Set.of(Relaxation.SERVICE_TD)))
            .assertAccepted()
            .claims()
            .td()
            .orElseThrow();
    assertEquals(value, register.of(report));
  }

  @Test
  void enclave_ofAnAcceptedBuildOrProduct_accepted() {
    Situation enclave = Situation.sgx(QuoteFormat.SGX_V3);
    enclave.withPolicy(p -> p.withEnclaves(List.of(build(ENCLAVE.mrEnclave())))).assertAccepted();
    enclave
        .withPolicy(p ->
            p.withEnclaves(
                List.of(product(ENCLAVE.mrSigner(), ENCLAVE.isvProdId(), ENCLAVE.isvSvn()))))
        .assertAccepted();
  }

  @Test
  void enclavesAndMeasurements_bothNamed_bothAccepted() {
    UnaryOperator<AttestationPolicy> both =
        p ->
            p.withEnclaves(List.of(build(ENCLAVE.mrEnclave())))
                .withMeasurements(List.of(Measurement.of(REPORT)));
    tdx().withPolicy(both).assertAccepted();
    Situation.sgx(QuoteFormat.SGX_V3).withPolicy(both).assertAccepted();
  }

  @Test
  void detail_ofEveryRejection_endsWithWhatToDo() {
    for (Defect defect : defects()) {
      Verdict.Rejected rejected = defect.situation().assertRejected(defect.reason());
      assertTrue(rejected.detail().endsWith("; " + rejected.reason().action()), rejected.detail());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {27, 30})
  void tdAttributes_harmlessBit_accepted(int bit) {
    TdRecipe td = TD.withAttributes(SEPT_VE_DISABLE | 1L << bit);
    assertEquals(
        SEPT_VE_DISABLE | 1L << bit,
        tdx(QuoteFormat.TDX_V4, td).assertAccepted().claims().td().orElseThrow().tdAttributes());
  }

  @ParameterizedTest
  @ValueSource(longs = {0x3, 0x6dbe7, 0x602e7, 0x618e7, 0x61ae7, 0x642e7, 0x600e7, 0x207})
  void xfam_ofRealMachines_accepted(long bits) {
    TdRecipe td = TD.withXfam(bits);
    assertEquals(
        bits, tdx(QuoteFormat.TDX_V4, td).assertAccepted().claims().td().orElseThrow().xfam());
  }

  @ParameterizedTest
  @EnumSource(
      value = TcbStatus.class,
      names = {
        "SW_HARDENING_NEEDED",
        "CONFIGURATION_NEEDED",
        "CONFIGURATION_AND_SW_HARDENING_NEEDED",
        "OUT_OF_DATE",
        "OUT_OF_DATE_CONFIGURATION_NEEDED"
      })
  void status_acceptedByName_accepted(TcbStatus status) {
    Situation situation =
        collateral(c -> c.withPlatformStatus(status.code()))
            .withPolicy(p -> p.withAcceptedStatuses(Set.of(status)));
    assertEquals(status, situation.assertAccepted().claims().tcbStatus());
  }

  @Test
  void terminalStatus_acceptedByName_rejectedAllTheSame() {
    UnaryOperator<AttestationPolicy> everything =
        p -> p.withAcceptedStatuses(EnumSet.allOf(TcbStatus.class)).withAnyAdvisory();
    collateral(c -> c.withPlatformStatus("Revoked"))
        .withPolicy(everything)
        .assertRejected(Reason.TCB_REVOKED);
    onPlatform(p -> p.withExtension(e -> e.withPceSvn(0)))
        .withPolicy(everything)
        .assertRejected(Reason.TCB_NOT_SUPPORTED);
  }

  @Test
  void advisories_upToDateOrNamed_accepted() {
    assertEquals(List.of("INTEL-SA-1"), leveled("UpToDate").assertAccepted().tcb().advisoryIds());
    hardeningNeeded()
        .withPolicy(p -> p.withAcceptedAdvisoryIds(Set.of("INTEL-SA-1", "INTEL-SA-2")))
        .assertAccepted();
    hardeningNeeded().withPolicy(AttestationPolicy::withAnyAdvisory).assertAccepted();
  }

  @Test
  void evaluationNumber_atTheFloor_accepted() {
    Situation situation =
        tdx().withPolicy(p -> p.withMinEvaluationNumber(Documents.EVALUATION_NUMBER));
    assertEquals(Documents.EVALUATION_NUMBER, situation.assertAccepted().tcb().evaluationNumber());
  }

  @Test
  void platforms_ppidOrInstanceIdListed_accepted() {
    Platform platform = tdx().assertAccepted().claims().platform();
    Bytes instanceId = platform.instanceId().orElseThrow();
    tdx().withPolicy(p -> p.withPlatforms(Set.of(platform.ppid()))).assertAccepted();
    tdx().withPolicy(p -> p.withPlatforms(Set.of(instanceId))).assertAccepted();
  }

  @Test
  void measurement_oneOfSeveralWithRegistersLeftOut_accepted() {
    Measurement exact = Measurement.of(REPORT);
    Measurement partial =
        new Measurement(
            exact.mrTd(), Optional.empty(), exact.rtmr1(), exact.rtmr2(), Optional.empty());
    Measurement other =
        new Measurement(zero(), Optional.empty(), exact.rtmr1(), exact.rtmr2(), Optional.empty());
    Situation situation = tdx().withPolicy(p -> p.withMeasurements(List.of(other, partial)));
    assertEquals(Optional.of(exact), situation.assertAccepted().claims().measurement());
  }

  @Test
  void measurement_severalCandidates_detailNamesTheNearest() {
    Measurement exact = Measurement.of(REPORT);
    Measurement other =
        new Measurement(zero(), exact.rtmr0(), exact.rtmr1(), exact.rtmr2(), exact.rtmr3());
    Measurement near =
        new Measurement(exact.mrTd(), exact.rtmr0(), exact.rtmr1(), zero(), exact.rtmr3());
    String detail =
        tdx()
            .withPolicy(p -> p.withMeasurements(List.of(other, near)))
            .assertRejected(Reason.MEASUREMENT_MISMATCH)
            .detail();
    assertTrue(detail.startsWith("RTMR2 is " + exact.rtmr2().toHex()), detail);
  }

  @Test
  void collateralGrace_expiredDocuments_acceptedUntilItsEnd() {
    Situation expired = tdx().at(NOW.plus(Duration.ofDays(40)));
    expired.assertRejected(Reason.COLLATERAL_EXPIRED);
    expired.withPolicy(p -> p.withCollateralGraceUntil(expired.at())).assertAccepted();
    expired
        .withPolicy(p -> p.withCollateralGraceUntil(expired.at().minusSeconds(1)))
        .assertRejected(Reason.COLLATERAL_EXPIRED);
  }

  @Test
  void collateralGrace_documentsOfLongAgo_excusesNothing() {
    UnaryOperator<AttestationPolicy> grace =
        p -> p.withCollateralGraceUntil(NOW.plus(Duration.ofDays(365)));
    Instant end =
        NOW.minus(CollateralRecipe.BACKDATED)
            .plus(CollateralRecipe.VALIDITY)
            .plus(TcbPolicy.MAX_COLLATERAL_GRACE);
    tdx().at(end).withPolicy(grace).assertAccepted();
    tdx().at(end.plusSeconds(1)).withPolicy(grace).assertRejected(Reason.COLLATERAL_EXPIRED);
  }

  @Test
  void collateralGrace_oneDocumentOfLongAgo_excusesNothing() {
    Instant from = NOW.minus(Duration.ofDays(90));
    Instant until = NOW.minus(Duration.ofDays(31));
    collateral(c -> c.withPckCrl(crl -> crl.withUpdates(from, until)))
        .withPolicy(p -> p.withCollateralGraceUntil(NOW.plus(Duration.ofDays(1))))
        .assertRejected(Reason.COLLATERAL_EXPIRED);
  }

  @Test
  void collateralGrace_expiredCertificateOrEarlyDocument_excusesNothing() {
    UnaryOperator<AttestationPolicy> grace =
        p -> p.withCollateralGraceUntil(NOW.plus(Duration.ofDays(36500)));
    tdx()
        .at(NOW.plus(Duration.ofDays(3000)))
        .withPolicy(grace)
        .assertRejected(Reason.CERTIFICATE_EXPIRED);
    tdx()
        .at(NOW.minus(CollateralRecipe.BACKDATED).minusSeconds(1))
        .withPolicy(grace)
        .assertRejected(Reason.COLLATERAL_NOT_YET_VALID);
  }

  @Test
  void tcb_rejectionByPolicy_isFilledIn() {
    Verdict.Rejected rejected =
        tdx(QuoteFormat.TDX_V4, TD.withDebug()).assertRejected(Reason.DEBUG_ENABLED);
    assertEquals(Optional.of(TcbStatus.UP_TO_DATE), rejected.tcb().map(tcb -> tcb.status()));
  }

  private static Defect attributes(String name, Reason reason, long bits) {
    return genuine(name, reason, tdx(QuoteFormat.TDX_V4, TD.withAttributes(bits)));
  }

  private static Defect xfam(String name, long bits) {
    return genuine(
        "XFAM " + name, Reason.XFAM_NOT_ACCEPTED, tdx(QuoteFormat.TDX_V4, TD.withXfam(bits)));
  }

  private static Defect measured(String name, UnaryOperator<Measurement> change) {
    List<Measurement> accepted = List.of(change.apply(Measurement.of(REPORT)));
    return genuine(
        name, Reason.MEASUREMENT_MISMATCH, tdx().withPolicy(p -> p.withMeasurements(accepted)));
  }

  private static Defect registered(Register register) {
    Bytes other = Documents.hex("77".repeat(Register.SIZE));
    return genuine(
        register + " pinned",
        Reason.MEASUREMENT_MISMATCH,
        tdx().withPolicy(p -> p.withRegisters(Map.of(register, Set.of(other)))));
  }

  private static Defect enclave(String name, EnclaveMeasurement accepted) {
    return genuine(
        "enclave's " + name,
        Reason.MEASUREMENT_MISMATCH,
        Situation.sgx(QuoteFormat.SGX_V3).withPolicy(p -> p.withEnclaves(List.of(accepted))));
  }

  private static EnclaveMeasurement build(Bytes mrEnclave) {
    return new EnclaveMeasurement(Optional.of(mrEnclave), Optional.empty(), Optional.empty(), 0);
  }

  private static EnclaveMeasurement product(Bytes mrSigner, int isvProdId, int minIsvSvn) {
    return new EnclaveMeasurement(
        Optional.empty(), Optional.of(mrSigner), Optional.of(isvProdId), minIsvSvn);
  }

  private static Situation underProcessorCa() {
    return onPlatform(p -> p.underProcessorCa())
        .withCollateral(c -> c.withCa(Authority.PROCESSOR_CA));
  }

  private static Situation hardeningNeeded() {
    return leveled("SWHardeningNeeded")
        .withPolicy(p -> p.withAcceptedStatuses(Set.of(TcbStatus.SW_HARDENING_NEEDED)));
  }

  private static Situation leveled(String status) {
    List<TcbLevel> levels = new ArrayList<>(Documents.tdxLevels());
    levels.set(0, levels.getFirst().withStatus(status).withAdvisoryIds(List.of("INTEL-SA-1")));
    return collateral(c -> c.withTcbInfo(d -> d.withTcbLevels(levels)));
  }

  private static Bytes zero() {
    return Bytes.zero(Measurement.REGISTER_SIZE);
  }
}
