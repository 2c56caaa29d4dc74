package dev.holdfast.attestation.tcb;

import java.util.Optional;

/// How a platform stands against the vendor's list of TCB levels; declared from best to worst.
///
/// Spec: docs/spec/attestation.md#tcb-status
public enum TcbStatus {
  UP_TO_DATE("UpToDate"),
  SW_HARDENING_NEEDED("SWHardeningNeeded"),
  CONFIGURATION_NEEDED("ConfigurationNeeded"),
  CONFIGURATION_AND_SW_HARDENING_NEEDED("ConfigurationAndSWHardeningNeeded"),
  OUT_OF_DATE("OutOfDate"),
  OUT_OF_DATE_CONFIGURATION_NEEDED("OutOfDateConfigurationNeeded"),
  /// The host is patched, the VM was started before: restarting the VM would bring it up to date.
  TD_RELAUNCH_ADVISED("TDRelaunchAdvised"),
  TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED("TDRelaunchAdvisedConfigurationNeeded"),
  REVOKED("Revoked"),
  /// No level of the list is met.
  NOT_SUPPORTED("NotSupported");

  private final String code;

  TcbStatus(String code) {
    this.code = code;
  }

  /// The vendor's spelling, as in TCB info and in `quote verify --json`.
  public String code() {
    return code;
  }

  /// The status of this spelling.
  public static Optional<TcbStatus> of(String code) {
    for (TcbStatus status : values()) {
      if (status.code.equals(code)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  /// True for the two that no policy can accept.
  public boolean terminal() {
    return this == REVOKED || this == NOT_SUPPORTED;
  }

  /// True for the statuses that a level of TCB info may carry.
  boolean listed() {
    return switch (this) {
      case UP_TO_DATE,
          SW_HARDENING_NEEDED,
          CONFIGURATION_NEEDED,
          CONFIGURATION_AND_SW_HARDENING_NEEDED,
          OUT_OF_DATE,
          OUT_OF_DATE_CONFIGURATION_NEEDED,
          REVOKED ->
          true;
      case TD_RELAUNCH_ADVISED, TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED, NOT_SUPPORTED -> false;
    };
  }
}
