/// The parts of a posture that are documents of their own.
///
/// Spec: docs/spec/protocol.md#posture
package dev.holdfast.protocol.posture;
