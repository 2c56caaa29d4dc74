package dev.holdfast.attestation.tcb;

import dev.holdfast.attestation.quote.EnclaveReport;
import dev.holdfast.attestation.quote.Report;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import java.util.List;
import java.util.Optional;

/// Finds the TCB status of a platform. All inputs are verified already and belong together.
///
/// Spec: docs/spec/attestation.md#tcb-status
public final class TcbEvaluation {
  private final TcbInfo info;
  private final QeIdentity qeIdentity;
  private final PlatformTcb platform;

  private TcbEvaluation(TcbInfo info, QeIdentity qeIdentity, PlatformTcb platform) {
    this.info = info;
    this.qeIdentity = qeIdentity;
    this.platform = platform;
  }

  /// The status of `platform`, on which `report` was made.
  ///
  /// @throws ModuleMismatchException when `info` does not know the TDX module of `report`
  public static TcbAppraisal evaluate(
      TcbInfo info, QeIdentity qeIdentity, PlatformTcb platform, Report report)
      throws ModuleMismatchException {
    TcbEvaluation evaluation = new TcbEvaluation(info, qeIdentity, platform);
    return switch (report) {
      case EnclaveReport enclave -> evaluation.ofEnclave();
      case TdReport td -> evaluation.ofTd(td);
    };
  }

  private TcbAppraisal ofEnclave() {
    Standing standing = Standing.of(info, qeIdentity, platform, Optional.empty(), Optional.empty());
    return appraisal(standing, Optional.empty(), Optional.empty());
  }

  private TcbAppraisal ofTd(TdReport td) throws ModuleMismatchException {
    Bytes svns = td.teeTcbSvn();
    Optional<TcbStatus> current = Optional.empty();
    if (td.teeTcbSvn2().isPresent()) {
      current = Optional.of(under(td, td.teeTcbSvn2().get()).status());
    }
    return appraisal(under(td, svns), Optional.of(svns), current);
  }

  private Standing under(TdReport td, Bytes svns) throws ModuleMismatchException {
    TdxModule module = ModuleMatch.of(info, td, svns);
    return Standing.of(info, qeIdentity, platform, Optional.of(module), Optional.of(svns));
  }

  private TcbAppraisal appraisal(
      Standing launch, Optional<Bytes> svns, Optional<TcbStatus> current) {
    TcbStatus status =
        current.isPresent()
            ? Convergence.relaunch(launch.status(), current.get())
            : launch.status();
    TcbAppraisal.Components components =
        new TcbAppraisal.Components(
            launch.platform().map(level -> level.status().status()),
            launch.qe().map(level -> level.status().status()),
            launch.moduleLevel().map(level -> level.status().status()),
            current);
    return new TcbAppraisal(
        status,
        components,
        launch.date(),
        status == TcbStatus.NOT_SUPPORTED ? List.of() : launch.advisoryIds(),
        Math.min(info.issue().evaluationNumber(), qeIdentity.issue().evaluationNumber()),
        status == TcbStatus.UP_TO_DATE ? List.of() : shortfall(status, launch, svns));
  }

  /// What was short at the launch of a VM whose host is up to date by now is mended by a restart.
  private List<Shortfall> shortfall(TcbStatus status, Standing launch, Optional<Bytes> svns) {
    List<Shortfall> found = ShortfallFinder.of(info, qeIdentity, platform, launch, svns);
    return switch (status) {
      case TD_RELAUNCH_ADVISED -> with(found, "restart the VM");
      case TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED ->
          with(found, "change the host's firmware settings and restart the VM");
      case UP_TO_DATE,
          SW_HARDENING_NEEDED,
          CONFIGURATION_NEEDED,
          CONFIGURATION_AND_SW_HARDENING_NEEDED,
          OUT_OF_DATE,
          OUT_OF_DATE_CONFIGURATION_NEEDED,
          REVOKED,
          NOT_SUPPORTED ->
          found;
    };
  }

  private static List<Shortfall> with(List<Shortfall> shortfalls, String action) {
    return shortfalls.stream().map(shortfall -> shortfall.withAction(action)).toList();
  }
}
