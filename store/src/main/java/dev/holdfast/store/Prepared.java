package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.store.keys.SealId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A batch whose records are sealed and whose conditions are reduced to which sealing is present.
///
/// @param header a new header, or null
record Prepared(List<Step> steps, List<Demand> demands, @Nullable Bytes header) {
  /// @param sealed the record to write; null to remove the one at `key`
  record Step(RecordKey key, Sealer.@Nullable Sealed sealed) {
    static Step write(Sealer.Sealed sealed) {
      return new Step(sealed.key(), sealed);
    }

    static Step remove(RecordKey key) {
      return new Step(key, null);
    }
  }

  /// @param seal the sealing that must be the present one; null for none
  record Demand(RecordKey key, @Nullable SealId seal) {}

  /// What became of a batch.
  enum Outcome {
    /// It is on disk.
    APPLIED,
    /// It changes nothing, so nothing was written.
    NO_CHANGE,
    /// A demand did not hold; nothing was written.
    REFUSED
  }

  Prepared {
    steps = List.copyOf(steps);
    demands = List.copyOf(demands);
  }

  static Prepared of(Step step, Demand demand) {
    return new Prepared(List.of(step), List.of(demand), null);
  }

  long bytes() {
    long bytes = 0;
    for (Step step : steps) {
      Sealer.Sealed sealed = step.sealed();
      bytes += sealed == null ? 0 : sealed.stored().length;
    }
    return bytes;
  }
}
