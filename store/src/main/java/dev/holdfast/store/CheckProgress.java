package dev.holdfast.store;

/// Hears how far the full check on open has come.
@FunctionalInterface
public interface CheckProgress {
  /// Hears nothing.
  CheckProgress NONE = (checked, total) -> {};

  /// Called from the opening thread, at the start, now and then, and at the end.
  ///
  /// @param checked records found good so far
  /// @param total records that the store says it has
  void checked(long checked, long total);
}
