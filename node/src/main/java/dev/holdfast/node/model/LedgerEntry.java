package dev.holdfast.node.model;

/// What a ledger has of one account.
public enum LedgerEntry {
  /// The parcel that was deposited.
  DEPOSIT,
  /// One of a later generation, until the account has retired the one before.
  PENDING,
  /// [dev.holdfast.protocol.run.RunRecord]: the highest claim, the latest witness, what was
  /// retired.
  RUNS
}
