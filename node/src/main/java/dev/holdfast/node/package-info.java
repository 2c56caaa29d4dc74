/// The node: [dev.holdfast.node.Node] takes an input and gives effects. It decides and does nothing
/// else; [dev.holdfast.node.model] has its words, [dev.holdfast.node.work] the expensive pure work
/// that happens around it.
///
/// Spec: docs/spec/lifecycle.md
package dev.holdfast.node;
