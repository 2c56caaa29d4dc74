/// The words of the protocol: who takes part, under which posture, with what evidence, and the
/// files that describe it. [dev.holdfast.protocol.message] has what travels between two nodes.
///
/// Spec: docs/spec/protocol.md
package dev.holdfast.protocol;
