package dev.holdfast.attestation;

import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.InvariantError;
import java.util.Locale;
import java.util.Optional;

/// Why a quote was rejected. A closed list with stable codes; what each means and what to do about
/// it stands in docs/operating/reasons.md.
public enum Reason {
  // structure
  MALFORMED_QUOTE(
      "look for truncation, text encoding, or an empty answer of the quote generation service"),
  UNSUPPORTED_VERSION("update Holdfast or the platform's DCAP software"),
  UNSUPPORTED_ATTESTATION_KEY_TYPE(
      "configure the platform's quote generation service for ECDSA P-256"),
  UNSUPPORTED_TEE_TYPE("find out where the quote comes from"),
  UNKNOWN_QE_VENDOR("use Intel's quoting enclave"),
  UNSUPPORTED_CERTIFICATION_DATA(
      "verify with a PCCS, let the host's quote generation service put PCK certificates into"
          + " quotes, or supply the PCK certificate chain"),

  // authenticity of the quote
  CERTIFICATE_CHAIN_INVALID("treat the machine as hostile until explained"),
  UNTRUSTED_ROOT(
      "check which trust anchor is configured: the platform may be simulated or pre-production"),
  QE_REPORT_SIGNATURE_INVALID("treat the quote as forged"),
  ATTESTATION_KEY_INVALID("treat the quote as forged"),
  ATTESTATION_KEY_BINDING_INVALID("treat the quote as forged"),
  QUOTE_SIGNATURE_INVALID("rule out damage in transport, then treat the quote as forged"),

  // authenticity of the collateral
  COLLATERAL_MISSING("fetch it from PCS or a PCCS, or let a peer relay it"),
  TCB_INFO_MALFORMED("update Holdfast"),
  TCB_INFO_ISSUER_CHAIN_INVALID("fetch the collateral again; check proxies and the PCCS"),
  TCB_INFO_SIGNATURE_INVALID("fetch the collateral again and keep its exact bytes"),
  QE_IDENTITY_MALFORMED("update Holdfast"),
  QE_IDENTITY_ISSUER_CHAIN_INVALID("fetch the collateral again; check proxies and the PCCS"),
  QE_IDENTITY_SIGNATURE_INVALID("fetch the collateral again and keep its exact bytes"),
  PCK_CRL_ISSUER_CHAIN_INVALID("fetch the collateral again; check proxies and the PCCS"),
  SIGNER_ROLE_INVALID("treat it as an attack: a platform's key may have leaked"),
  CRL_MALFORMED("fetch the list again, as DER in hexadecimal or PEM"),
  CRL_ISSUER_MISMATCH(
      "fetch the PCK CRL of the CA (processor or platform) that issued the PCK certificate"),
  CRL_SIGNATURE_INVALID("fetch the list again"),
  CERTIFICATE_REVOKED("take the machine out of service and its keys as known to others"),

  // time
  CERTIFICATE_EXPIRED("check the clock; let the platform get a new PCK certificate"),
  CERTIFICATE_NOT_YET_VALID("check the clock"),
  COLLATERAL_EXPIRED("fetch new collateral; check the clock"),
  COLLATERAL_NOT_YET_VALID("check the clock"),

  // does the collateral belong to this quote
  TEE_TYPE_MISMATCH("fetch the collateral of the technology of the quote"),
  FMSPC_MISMATCH("fetch TCB info for the FMSPC of the PCK certificate"),
  PCEID_MISMATCH("fetch TCB info for this platform"),
  QE_IDENTITY_MISMATCH(
      "update the host's DCAP software; if it is up to date, treat it as an attack"),
  TDX_MODULE_MISMATCH(
      "fetch newer TCB info; if it is new, the host runs a module that is not Intel's"),

  // TCB status
  TCB_SW_HARDENING_NEEDED(
      "read the advisories and accept the status by name if the software has the protection"),
  TCB_CONFIGURATION_NEEDED("change the host's firmware settings, or accept the status by name"),
  TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED(
      "change the host's firmware settings, read the advisories, or accept the status by name"),
  TCB_OUT_OF_DATE("update the host"),
  TCB_OUT_OF_DATE_CONFIGURATION_NEEDED("update the host and change its firmware settings"),
  TCB_TD_RELAUNCH_ADVISED("restart the VM: its host is up to date"),
  TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED(
      "change the host's firmware settings and restart the VM"),
  TCB_REVOKED("take the machine out of service; no policy accepts this"),
  TCB_NOT_SUPPORTED("update the host; no policy accepts this"),

  // policy
  DEBUG_ENABLED("start it without debug"),
  SERVICE_TD_PRESENT("start the VM without a service TD, or accept this one by name"),
  SEPT_VE_DISABLE_MISSING(
      "set SEPT_VE_DISABLE at launch; paravisor clouds need the named relaxation"),
  MIGRATABLE("start the VM without migration, or accept that by name"),
  TCB_EVALUATION_NUMBER_TOO_LOW("fetch new collateral, from the early channel where needed"),
  TCB_DATE_TOO_OLD("update the host, or lower the date"),
  ADVISORY_NOT_ACCEPTED("update the host, or accept the advisory by name"),
  TD_ATTRIBUTES_NOT_ACCEPTED("start the VM without it, or accept the feature by name"),
  XFAM_NOT_ACCEPTED("change the VM's launch settings"),
  PLATFORM_NOT_ACCEPTED("find out whose machine this is before adding it to the policy"),
  MEASUREMENT_MISMATCH(
      "deploy the accepted image, or accept this one after checking where it comes from"),
  REPORT_DATA_MISMATCH("ask for a new quote; if it repeats, treat it as a replay");

  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final String action;

  Reason(String action) {
    this.action = action;
  }

  /// The stable code, in kebab case.
  public String code() {
    return code;
  }

  /// What to do about it: a clause in the imperative, which every verdict's detail ends with.
  public String action() {
    return action;
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
