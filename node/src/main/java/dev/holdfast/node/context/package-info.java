/// What all parts of a node share: its configuration, what it knows of itself in this run, the
/// step's time and effects, its quotes and its pauses.
package dev.holdfast.node.context;
