/// The depositor's plaintext file that says where its shares are.
///
/// Spec: docs/spec/protocol.md#manifest
package dev.holdfast.protocol.manifest;
