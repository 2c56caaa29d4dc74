/// The quote formats: SGX versions 3 to 5, TDX versions 4 and 5. Takes bytes apart, judges nothing.
///
/// Spec: docs/spec/quote.md
package dev.holdfast.attestation.quote;
