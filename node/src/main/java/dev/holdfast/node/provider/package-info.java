/// What a node does for others: proofs, deposits, releases, and the memory of their runs.
///
/// Spec: docs/spec/lifecycle.md#provider
package dev.holdfast.node.provider;
