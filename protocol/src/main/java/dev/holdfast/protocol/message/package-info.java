/// What two nodes say to each other: each message a record with its strict bytes, none with a
/// decision.
///
/// Spec: docs/spec/protocol.md#messages
package dev.holdfast.protocol.message;
