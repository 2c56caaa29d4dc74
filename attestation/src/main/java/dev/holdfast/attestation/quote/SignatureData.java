package dev.holdfast.attestation.quote;

import dev.holdfast.codec.Bytes;

/// The signature over a quote and the evidence for its key.
///
/// - `signature`: r ‖ s, 64 bytes, over [Quote#signed].
/// - `attestationKey`: x ‖ y, 64 bytes, not yet known to be on the curve.
public record SignatureData(Bytes signature, Bytes attestationKey, QeEvidence qe) {}
