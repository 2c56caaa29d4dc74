package dev.holdfast.attestation.x509;

import dev.holdfast.codec.MalformedException;

/// What a certificate is for, told by its exact common name, and the profile that goes with it. A
/// genuine certificate in another role is refused: a PCK key must never sign TCB info.
///
/// Spec: docs/spec/attestation.md#roles
public enum Role {
  ROOT_CA(true),
  PCK_CA(true),
  PCK(false),
  TCB_SIGNER(false);

  private static final int DIGITAL_SIGNATURE_AND_NON_REPUDIATION = 0xc0;
  private static final int CERT_SIGN_AND_CRL_SIGN = 0x06;

  private final boolean ca;

  Role(boolean ca) {
    this.ca = ca;
  }

  boolean named(Certificate certificate) {
    String name = certificate.commonName();
    return switch (this) {
      case ROOT_CA -> name.equals("Intel SGX Root CA");
      case PCK_CA ->
          name.equals("Intel SGX PCK Platform CA") || name.equals("Intel SGX PCK Processor CA");
      case PCK -> name.equals("Intel SGX PCK Certificate");
      case TCB_SIGNER -> name.equals("Intel SGX TCB Signing");
    };
  }

  /// True when BasicConstraints and KeyUsage are those of the role.
  boolean profiled(Certificate certificate) {
    try {
      Certificate.Constraints constraints = certificate.constraints();
      int required = ca ? CERT_SIGN_AND_CRL_SIGN : DIGITAL_SIGNATURE_AND_NON_REPUDIATION;
      int forbidden = ca ? 0 : CERT_SIGN_AND_CRL_SIGN;
      int usage = certificate.keyUsage();
      return constraints.ca() == ca
          && pathLengthFits(constraints)
          && (usage & required) == required
          && (usage & forbidden) == 0;
    } catch (MalformedException e) {
      return false;
    }
  }

  private boolean pathLengthFits(Certificate.Constraints constraints) {
    return switch (this) {
      case ROOT_CA -> constraints.pathLength().orElse(1) >= 1;
      case PCK_CA -> constraints.pathLength().orElse(-1) == 0;
      case PCK, TCB_SIGNER -> constraints.pathLength().isEmpty();
    };
  }
}
