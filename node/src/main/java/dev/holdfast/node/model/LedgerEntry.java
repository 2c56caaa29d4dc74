package dev.holdfast.node.model;

/// What a ledger has of one account.
public enum LedgerEntry {
  /// The parcel that was deposited.
  DEPOSIT,
  /// [dev.holdfast.protocol.run.RunRecord]: the highest claim and the latest witness.
  RUNS
}
