/// The expensive part of every exchange: parsing, signatures, envelopes, quotes. Pure functions of
/// their arguments and of keys drawn at start; called on any thread, never on the node's own.
package dev.holdfast.node.work;
