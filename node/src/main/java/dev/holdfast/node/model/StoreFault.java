package dev.holdfast.node.model;

import java.util.Locale;

/// Why a store did not open or was not made; each from a distinct error of the store.
public enum StoreFault {
  MISSING,
  EXISTS,
  WRONG_KEY,
  WRONG_ACCOUNT,
  CORRUPTED,
  ROLLED_BACK,
  LOCKED,
  FULL,
  IO;

  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// True when trying again may help without anybody repairing the disk.
  public boolean retryable() {
    return this == LOCKED || this == FULL || this == IO;
  }
}
