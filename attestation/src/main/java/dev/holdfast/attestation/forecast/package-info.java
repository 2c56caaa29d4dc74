/// What the vendor's announced TCB recoveries will change for a quote.
///
/// Spec: docs/spec/attestation.md#forecast
package dev.holdfast.attestation.forecast;
