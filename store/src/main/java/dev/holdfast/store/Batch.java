package dev.holdfast.store;

import dev.holdfast.crypto.SecretBytes;
import java.util.ArrayList;
import java.util.List;

/// Changes that happen together or not at all, and the conditions under which they may. A later
/// change of one name replaces an earlier one.
///
/// Values are lent: they stay the caller's and open until [SealedStore#write] returned. Not
/// thread-safe.
public final class Batch {
  /// Most changes, and most conditions, in one batch.
  public static final int MAX_CHANGES = 10_000;

  /// Most bytes of all values in one batch.
  public static final long MAX_BYTES = 64L << 20;

  private final List<Change> changes = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>();
  private long bytes;

  /// What happens to one name.
  sealed interface Change {
    Space space();

    Name name();

    record Put(Space space, Name name, SecretBytes value) implements Change {}

    record Delete(Space space, Name name) implements Change {}
  }

  /// What must hold when the batch is applied.
  sealed interface Condition {
    Space space();

    Name name();

    record Absent(Space space, Name name) implements Condition {}

    record HasValue(Space space, Name name, SecretBytes value) implements Condition {}
  }

  public Batch() {}

  /// Writes `value` under `name`, whatever was there.
  ///
  /// @throws IllegalArgumentException past [SealedStore#MAX_VALUE_BYTES], [#MAX_CHANGES] or
  ///   [#MAX_BYTES]
  public Batch put(Space space, Name name, SecretBytes value) {
    if (value.size() > SealedStore.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "value: expected at most %d bytes, found %d"
              .formatted(SealedStore.MAX_VALUE_BYTES, value.size()));
    }
    if (bytes + value.size() > MAX_BYTES) {
      throw new IllegalArgumentException("batch: expected values of at most 64 MiB together");
    }
    bytes += value.size();
    return add(new Change.Put(space, name, value));
  }

  /// Removes `name` if it is there, value or reservation.
  ///
  /// @throws IllegalArgumentException past [#MAX_CHANGES]
  public Batch delete(Space space, Name name) {
    return add(new Change.Delete(space, name));
  }

  /// Demands that `name` has neither value nor reservation.
  ///
  /// @throws IllegalArgumentException past [#MAX_CHANGES]
  public Batch requireAbsent(Space space, Name name) {
    return add(new Condition.Absent(space, name));
  }

  /// Demands that `name` has just this value.
  ///
  /// @throws IllegalArgumentException past [#MAX_CHANGES]
  public Batch requireValue(Space space, Name name, SecretBytes value) {
    return add(new Condition.HasValue(space, name, value));
  }

  List<Change> changes() {
    return List.copyOf(changes);
  }

  List<Condition> conditions() {
    return List.copyOf(conditions);
  }

  private Batch add(Change change) {
    requireRoom(changes.size());
    changes.add(change);
    return this;
  }

  private Batch add(Condition condition) {
    requireRoom(conditions.size());
    conditions.add(condition);
    return this;
  }

  private static void requireRoom(int size) {
    if (size >= MAX_CHANGES) {
      throw new IllegalArgumentException(
          "batch: expected at most " + MAX_CHANGES + " changes and as many conditions");
    }
  }
}
