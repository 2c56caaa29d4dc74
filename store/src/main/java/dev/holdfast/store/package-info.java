/// A key-value store whose files tell the machine's operator nothing but sizes and counts, and
/// which notices every change that the operator makes to them.
///
/// Spec: docs/spec/store.md
package dev.holdfast.store;
