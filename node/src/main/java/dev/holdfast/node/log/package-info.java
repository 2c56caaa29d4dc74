/// The release log: what a provider writes down before it answers, and how to check that nothing of
/// it was changed since.
///
/// Spec: docs/spec/log.md
package dev.holdfast.node.log;
