/// The words between the node and who runs it: inputs are facts, effects are commands, and what
/// others may see of the node is a snapshot. All immutable.
package dev.holdfast.node.model;
