/// What a relying party accepts, as data: records with a JSON form. Judges nothing.
///
/// Spec: docs/spec/policy.md
package dev.holdfast.attestation.policy;
