package dev.holdfast.attestation.tcb;

import java.util.List;

/// How the statuses of the parts make one. Spec: docs/spec/attestation.md#convergence
final class Convergence {
  private Convergence() {}

  /// The status of a platform together with its components (TDX module, QE), each `UP_TO_DATE`,
  /// `OUT_OF_DATE` or `REVOKED`.
  static TcbStatus converge(TcbStatus platform, List<TcbStatus> components) {
    if (components.contains(TcbStatus.REVOKED)) {
      return TcbStatus.REVOKED;
    }
    if (!components.contains(TcbStatus.OUT_OF_DATE)) {
      return platform;
    }
    return switch (platform) {
      case UP_TO_DATE, SW_HARDENING_NEEDED, OUT_OF_DATE -> TcbStatus.OUT_OF_DATE;
      case CONFIGURATION_NEEDED,
          CONFIGURATION_AND_SW_HARDENING_NEEDED,
          OUT_OF_DATE_CONFIGURATION_NEEDED ->
          TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED;
      case REVOKED, NOT_SUPPORTED, TD_RELAUNCH_ADVISED, TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED ->
          platform;
    };
  }

  /// The status of a VM that was launched under one version of the TDX module and runs under
  /// another: `launch` is its status under the former, `current` under the latter. Where the
  /// vendor's rule takes a good `launch` although `current` is revoked, this takes `REVOKED`.
  static TcbStatus relaunch(TcbStatus launch, TcbStatus current) {
    if (launch == TcbStatus.NOT_SUPPORTED || current == TcbStatus.NOT_SUPPORTED) {
      return TcbStatus.NOT_SUPPORTED;
    }
    return switch (launch) {
      case OUT_OF_DATE ->
          switch (current) {
            case UP_TO_DATE, SW_HARDENING_NEEDED -> TcbStatus.TD_RELAUNCH_ADVISED;
            case CONFIGURATION_NEEDED, CONFIGURATION_AND_SW_HARDENING_NEEDED ->
                TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED;
            case OUT_OF_DATE,
                OUT_OF_DATE_CONFIGURATION_NEEDED,
                REVOKED,
                NOT_SUPPORTED,
                TD_RELAUNCH_ADVISED,
                TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED ->
                launch;
          };
      case OUT_OF_DATE_CONFIGURATION_NEEDED ->
          switch (current) {
            case UP_TO_DATE,
                SW_HARDENING_NEEDED,
                CONFIGURATION_NEEDED,
                CONFIGURATION_AND_SW_HARDENING_NEEDED ->
                TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED;
            case OUT_OF_DATE,
                OUT_OF_DATE_CONFIGURATION_NEEDED,
                REVOKED,
                NOT_SUPPORTED,
                TD_RELAUNCH_ADVISED,
                TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED ->
                launch;
          };
      case UP_TO_DATE,
          SW_HARDENING_NEEDED,
          CONFIGURATION_NEEDED,
          CONFIGURATION_AND_SW_HARDENING_NEEDED ->
          current == TcbStatus.REVOKED ? TcbStatus.REVOKED : launch;
      case REVOKED, NOT_SUPPORTED, TD_RELAUNCH_ADVISED, TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED ->
          launch;
    };
  }
}
