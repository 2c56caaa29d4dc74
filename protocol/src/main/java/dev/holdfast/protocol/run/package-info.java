/// Runs of an account: which one may speak for it now, and what its store held last. What providers
/// are told about that, what they answer, and what they keep.
///
/// Spec: docs/spec/protocol.md#claims
package dev.holdfast.protocol.run;
