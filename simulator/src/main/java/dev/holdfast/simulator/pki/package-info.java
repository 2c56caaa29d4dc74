/// Certificates and revocation lists of exactly Intel's form, and the small DER writer below them.
/// Recipes are what will be signed: change one, and the result is validly signed and wrong.
///
/// Spec: docs/spec/simulator.md#certificates
package dev.holdfast.simulator.pki;
