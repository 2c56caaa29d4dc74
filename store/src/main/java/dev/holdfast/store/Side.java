package dev.holdfast.store;

/// The two sets of records that have a version and a digest of their own.
enum Side {
  /// [Space#USER] and [Space#NODE].
  STORE,
  /// [Space#LEDGER].
  LEDGER
}
