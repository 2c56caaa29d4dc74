/// The node's own shares at others: where they are placed, whether they are still there, and the
/// change to a new root key.
package dev.holdfast.node.backup;
