/// TCB info, QE identity and what follows from them for a platform. Judges no signature and no
/// time.
///
/// Spec: docs/spec/attestation.md
package dev.holdfast.attestation.tcb;
