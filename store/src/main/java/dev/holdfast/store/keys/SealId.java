package dev.holdfast.store.keys;

/// Names one sealing: the run salt and the number that the sealing had under it. No two records of
/// any history of a store share salt and number.
public record SealId(int saltId, long number) {}
