/// What opens a store when its providers are lost: shares of its root key, sealed to custodians,
/// what a locked node asks of them, and what they answer.
///
/// Spec: docs/spec/custody.md
package dev.holdfast.protocol.custody;
