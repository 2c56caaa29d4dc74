/// A store as one stream of bytes: keys and values in order, counted and summed. Knows nothing of
/// what they mean.
///
/// Spec: docs/spec/archive.md
package dev.holdfast.store.archive;
