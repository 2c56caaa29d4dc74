package dev.holdfast.store;

/// The two sets of records that have a version and a digest of their own.
enum Side {
  /// [Space#USER] and [Space#NODE].
  STORE(0),
  /// [Space#LEDGER].
  LEDGER(1);

  private final int code;

  Side(int code) {
    this.code = code;
  }

  /// Stands for this side in a witness MAC.
  int code() {
    return code;
  }
}
