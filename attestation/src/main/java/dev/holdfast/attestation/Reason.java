package dev.holdfast.attestation;

import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.InvariantError;
import java.util.Locale;
import java.util.Optional;

/// Why a quote was rejected. A closed list with stable codes; what each means and what to do about
/// it stands in docs/operating/reasons.md.
public enum Reason {
  // structure
  MALFORMED_QUOTE,
  UNSUPPORTED_VERSION,
  UNSUPPORTED_ATTESTATION_KEY_TYPE,
  UNSUPPORTED_TEE_TYPE,
  UNKNOWN_QE_VENDOR,
  UNSUPPORTED_CERTIFICATION_DATA,

  // authenticity of the quote
  CERTIFICATE_CHAIN_INVALID,
  UNTRUSTED_ROOT,
  QE_REPORT_SIGNATURE_INVALID,
  ATTESTATION_KEY_INVALID,
  ATTESTATION_KEY_BINDING_INVALID,
  QUOTE_SIGNATURE_INVALID,

  // authenticity of the collateral
  COLLATERAL_MISSING,
  TCB_INFO_MALFORMED,
  TCB_INFO_ISSUER_CHAIN_INVALID,
  TCB_INFO_SIGNATURE_INVALID,
  QE_IDENTITY_MALFORMED,
  QE_IDENTITY_ISSUER_CHAIN_INVALID,
  QE_IDENTITY_SIGNATURE_INVALID,
  PCK_CRL_ISSUER_CHAIN_INVALID,
  SIGNER_ROLE_INVALID,
  CRL_MALFORMED,
  CRL_ISSUER_MISMATCH,
  CRL_SIGNATURE_INVALID,
  CERTIFICATE_REVOKED,

  // time
  CERTIFICATE_EXPIRED,
  CERTIFICATE_NOT_YET_VALID,
  COLLATERAL_EXPIRED,
  COLLATERAL_NOT_YET_VALID,

  // does the collateral belong to this quote
  TEE_TYPE_MISMATCH,
  FMSPC_MISMATCH,
  PCEID_MISMATCH,
  QE_IDENTITY_MISMATCH,
  TDX_MODULE_MISMATCH,

  // TCB status
  TCB_SW_HARDENING_NEEDED,
  TCB_CONFIGURATION_NEEDED,
  TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED,
  TCB_OUT_OF_DATE,
  TCB_OUT_OF_DATE_CONFIGURATION_NEEDED,
  TCB_TD_RELAUNCH_ADVISED,
  TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
  TCB_REVOKED,
  TCB_NOT_SUPPORTED,

  // policy
  DEBUG_ENABLED,
  SERVICE_TD_PRESENT,
  SEPT_VE_DISABLE_MISSING,
  MIGRATABLE,
  TCB_EVALUATION_NUMBER_TOO_LOW,
  ADVISORY_NOT_ACCEPTED,
  TD_ATTRIBUTES_NOT_ACCEPTED,
  XFAM_NOT_ACCEPTED,
  PLATFORM_NOT_ACCEPTED,
  MEASUREMENT_MISMATCH,
  REPORT_DATA_MISMATCH;

  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /// The stable code, in kebab case.
  public String code() {
    return code;
  }

  /// The reason of this code.
  public static Optional<Reason> of(String code) {
    for (Reason reason : values()) {
      if (reason.code.equals(code)) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }

  /// The reason for which a policy refuses `status`.
  static Reason of(TcbStatus status) {
    return switch (status) {
      case UP_TO_DATE -> throw new InvariantError("an up-to-date TCB is always accepted");
      case SW_HARDENING_NEEDED -> TCB_SW_HARDENING_NEEDED;
      case CONFIGURATION_NEEDED -> TCB_CONFIGURATION_NEEDED;
      case CONFIGURATION_AND_SW_HARDENING_NEEDED -> TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED;
      case OUT_OF_DATE -> TCB_OUT_OF_DATE;
      case OUT_OF_DATE_CONFIGURATION_NEEDED -> TCB_OUT_OF_DATE_CONFIGURATION_NEEDED;
      case TD_RELAUNCH_ADVISED -> TCB_TD_RELAUNCH_ADVISED;
      case TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED -> TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED;
      case REVOKED -> TCB_REVOKED;
      case NOT_SUPPORTED -> TCB_NOT_SUPPORTED;
    };
  }
}
