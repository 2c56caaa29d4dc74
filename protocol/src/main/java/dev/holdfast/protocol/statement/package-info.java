/// What several keys of a fleet must sign together.
///
/// Spec: docs/spec/protocol.md#statements
package dev.holdfast.protocol.statement;
