/// The part of DER, X.509 and ECDSA P-256 that Intel's certificates and CRLs use, and no more.
///
/// Spec: docs/spec/attestation.md#certificates
package dev.holdfast.attestation.x509;
