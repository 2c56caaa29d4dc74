package dev.holdfast.attestation.tcb;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One level of a QE identity or of a TDX module identity: the SVN of that software.
public record IsvLevel(int isvSvn, LevelStatus status) {
  static final Comparator<IsvLevel> HIGHEST_FIRST =
      Comparator.comparing(IsvLevel::isvSvn).reversed();

  /// The first of `levels`, highest first, that `isvSvn` reaches.
  static Optional<IsvLevel> met(List<IsvLevel> levels, int isvSvn) {
    for (IsvLevel level : levels) {
      if (level.isvSvn() <= isvSvn) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
