/// The node as a pure state machine.
package dev.holdfast.node;
