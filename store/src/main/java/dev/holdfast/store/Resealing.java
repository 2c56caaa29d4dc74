package dev.holdfast.store;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.Prepared.Demand;
import dev.holdfast.store.Prepared.Outcome;
import dev.holdfast.store.Prepared.Step;
import dev.holdfast.store.Sealer.Content;
import dev.holdfast.store.Sealer.Opened;
import dev.holdfast.store.keys.SealId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// Seals anew, a few records at a time, what lies under older data keys. A record that somebody
/// else changes meanwhile is sealed under the newest by that.
///
/// Spec: docs/spec/store.md#rotation
final class Resealing {
  static final int MAX_RECORDS = 256;
  static final long MAX_BYTES = 4L << 20;

  private final OpenStore parts;

  // Reservations that live in memory know their mark by the sealing it had when it was made. Held
  // for reading while one is filled or released, for writing while marks are sealed anew.
  private final ReentrantReadWriteLock marks = new ReentrantReadWriteLock();
  private final Map<SealId, SealId> moved = new ConcurrentHashMap<>();

  /// A use of the present sealing of a mark.
  @FunctionalInterface
  interface MarkUse {
    Outcome with(SealId mark) throws StoreException;
  }

  Resealing(OpenStore parts) {
    this.parts = parts;
  }

  /// Runs `use` with the sealing that the mark once sealed as `made` has now.
  Outcome withMark(SealId made, MarkUse use) throws StoreException {
    marks.readLock().lock();
    try {
      SealId present = made;
      for (SealId next = moved.get(present); next != null; next = moved.get(present)) {
        present = next;
      }
      return use.with(present);
    } finally {
      marks.readLock().unlock();
    }
  }

  /// The records under data keys below `keyId`.
  List<RecordKey> below(int keyId) {
    return parts.index().keys(saltId -> parts.sealer().runs().isBelow(saltId, keyId));
  }

  /// Seals anew as many records from `from` on as go into one batch.
  ///
  /// @return the first that was not looked at
  int reseal(List<RecordKey> keys, int from) throws StoreException {
    List<Opened> opened = new ArrayList<>();
    try {
      long bytes = 0;
      int next = from;
      List<RecordKey> chosen = new ArrayList<>();
      while (next < keys.size() && chosen.size() < MAX_RECORDS && bytes < MAX_BYTES) {
        RecordKey key = keys.get(next++);
        Opened record = parts.read(key);
        if (record != null) {
          opened.add(record);
          chosen.add(key);
          bytes += record.value().size();
        }
      }
      marks.writeLock().lock();
      try {
        if (!commit(chosen, opened)) {
          // One of them was changed meanwhile.
          for (int i = 0; i < chosen.size(); i++) {
            commit(chosen.subList(i, i + 1), opened.subList(i, i + 1));
          }
        }
      } finally {
        marks.writeLock().unlock();
      }
      return next;
    } finally {
      opened.forEach(record -> record.value().close());
    }
  }

  private boolean commit(List<RecordKey> keys, List<Opened> records) throws StoreException {
    List<Step> steps = new ArrayList<>();
    List<Demand> demands = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      Opened record = records.get(i);
      RecordKey key = keys.get(i);
      steps.add(Step.write(reseal(key, record)));
      demands.add(new Demand(key, record.seal()));
    }
    boolean applied =
        parts.committer().commit(new Prepared(steps, demands, null)) != Outcome.REFUSED;
    for (int i = 0; applied && i < records.size(); i++) {
      Sealer.@Nullable Sealed sealed = steps.get(i).sealed();
      if (records.get(i).content() == Content.MARK && sealed != null) {
        moved.put(records.get(i).seal(), sealed.id());
      }
    }
    return applied;
  }

  private Sealer.Sealed reseal(RecordKey key, Opened record) {
    SecretBytes value = record.value();
    Sealer.Sealed sealed = parts.sealer().seal(key.space(), record.name(), record.content(), value);
    InvariantError.check(sealed.key().equals(key), "a record lies where its name belongs");
    return sealed;
  }
}
