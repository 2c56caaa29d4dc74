package dev.holdfast.attestation.quote;

import dev.holdfast.codec.Bytes;

/// How the quoting enclave vouches for its attestation key.
///
/// - `report`: of the quoting enclave, signed by the PCK key.
/// - `signature`: over `report`, r ‖ s, 64 bytes.
/// - `authData`: hashed together with the attestation key into the report data of `report`.
/// - `certificationDataType`: 1 to 5; with 5, `certificationData` is the PCK chain in PEM, with 4
///   the PCK certificate, with 1 to 3 what names it to the vendor.
///
/// Spec: docs/spec/quote.md#signature-data
public record QeEvidence(
    EnclaveReport report,
    Bytes signature,
    Bytes authData,
    int certificationDataType,
    Bytes certificationData) {
  /// The type of certification data that carries the PCK chain.
  public static final int PCK_CHAIN = 5;

  /// The type of certification data that carries the PCK certificate alone, in PEM.
  public static final int PCK_CERTIFICATE = 4;

  public boolean hasPckCertificate() {
    return certificationDataType == PCK_CERTIFICATE;
  }

  public boolean hasPckChain() {
    return certificationDataType == PCK_CHAIN;
  }
}
