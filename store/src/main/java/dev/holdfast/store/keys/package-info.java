/// The keys of a store, the names of what they sealed, and sums over those names. Knows nothing of
/// spaces, records and the engine.
///
/// Spec: docs/spec/store.md
package dev.holdfast.store.keys;
