package dev.holdfast.store;

import dev.holdfast.store.keys.SealId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Which sealing is the present one of every record, in protected memory: what makes a record that
/// the disk serves later, or hides, while the store is open, as visible as one changed before.
///
/// Open addressing with linear probing; 32 bytes a slot, at most two thirds of the slots taken.
/// Readers do not block each other; for one writer at a time.
final class Index {
  private static final int WORDS = 4;

  private final StampedLock lock = new StampedLock();

  // A slot: high, low, number, then salt id in the upper half and the space's prefix, never 0, in
  // the
  // lower.
  private long[] slots = new long[16 * WORDS];
  private int size;

  /// The present sealing of the record at `key`; null when there is no such record.
  @Nullable SealId find(RecordKey key) {
    long stamp = lock.tryOptimisticRead();
    if (stamp != 0) {
      SealId found = read(slots, key);
      if (lock.validate(stamp)) {
        return found;
      }
    }
    stamp = lock.readLock();
    try {
      return read(slots, key);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  void put(RecordKey key, SealId seal) {
    long stamp = lock.writeLock();
    try {
      if ((size + 1L) * 3 > (long) capacity(slots) * 2) {
        grow();
      }
      int slot = slotOf(slots, key);
      if (isFree(slots, slot)) {
        size++;
      }
      write(slots, slot, key, seal);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  void remove(RecordKey key) {
    long stamp = lock.writeLock();
    try {
      int slot = slotOf(slots, key);
      if (!isFree(slots, slot)) {
        size--;
        closeGap(slot);
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /// Number of records of one space.
  long count(Space space) {
    long stamp = lock.readLock();
    try {
      long count = 0;
      for (int slot = 0; slot < capacity(slots); slot++) {
        count += (int) slots[slot * WORDS + 3] == space.prefix() ? 1 : 0;
      }
      return count;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /// The keys of one space, sorted as the engine sorts them.
  List<RecordKey> keys(Space space) {
    return keysWhere(word -> (int) word == space.prefix());
  }

  /// The keys of the records whose salt is one of `saltIds`, sorted as the engine sorts them.
  List<RecordKey> keys(IntPredicate saltIds) {
    return keysWhere(word -> word != 0 && saltIds.test((int) (word >>> 32)));
  }

  private List<RecordKey> keysWhere(LongPredicate lastWord) {
    List<RecordKey> keys = new ArrayList<>();
    long stamp = lock.readLock();
    try {
      for (int slot = 0; slot < capacity(slots); slot++) {
        if (lastWord.test(slots[slot * WORDS + 3])) {
          keys.add(keyAt(slots, slot));
        }
      }
    } finally {
      lock.unlockRead(stamp);
    }
    keys.sort(null);
    return keys;
  }

  // Moves later entries of the probe chain into the freed slot, so that no chain is cut.
  private void closeGap(int freed) {
    int gap = freed;
    int mask = capacity(slots) - 1;
    for (int next = (gap + 1) & mask; !isFree(slots, next); next = (next + 1) & mask) {
      int home = home(slots, slots[next * WORDS]);
      boolean between = ((next - home) & mask) >= ((next - gap) & mask);
      if (between) {
        System.arraycopy(slots, next * WORDS, slots, gap * WORDS, WORDS);
        gap = next;
      }
    }
    for (int word = 0; word < WORDS; word++) {
      slots[gap * WORDS + word] = 0;
    }
  }

  private void grow() {
    long[] old = slots;
    long[] wider = new long[Math.multiplyExact(old.length, 2)];
    for (int slot = 0; slot < capacity(old); slot++) {
      if (!isFree(old, slot)) {
        int target = slotOf(wider, keyAt(old, slot));
        System.arraycopy(old, slot * WORDS, wider, target * WORDS, WORDS);
      }
    }
    slots = wider;
  }

  private static @Nullable SealId read(long[] slots, RecordKey key) {
    int slot = slotOf(slots, key);
    long last = slots[slot * WORDS + 3];
    return last == 0 ? null : new SealId((int) (last >>> 32), slots[slot * WORDS + 2]);
  }

  private static void write(long[] slots, int slot, RecordKey key, SealId seal) {
    slots[slot * WORDS] = key.high();
    slots[slot * WORDS + 1] = key.low();
    slots[slot * WORDS + 2] = seal.number();
    slots[slot * WORDS + 3] = (long) seal.saltId() << 32 | key.space().prefix();
  }

  private static RecordKey keyAt(long[] slots, int slot) {
    Optional<Space> space = Space.ofPrefix((int) slots[slot * WORDS + 3]);
    return new RecordKey(space.orElseThrow(), slots[slot * WORDS], slots[slot * WORDS + 1]);
  }

  // The slot that holds `key`, or the free one where it belongs. Bounded, because an optimistic
  // reader may see slots in motion.
  private static int slotOf(long[] slots, RecordKey key) {
    int mask = capacity(slots) - 1;
    int slot = home(slots, key.high());
    for (int probes = 0; probes < mask && !isFree(slots, slot); probes++) {
      if (slots[slot * WORDS] == key.high()
          && slots[slot * WORDS + 1] == key.low()
          && (int) slots[slot * WORDS + 3] == key.space().prefix()) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  // The key is a keyed hash already.
  private static int home(long[] slots, long high) {
    return (int) high & (capacity(slots) - 1);
  }

  private static boolean isFree(long[] slots, int slot) {
    return slots[slot * WORDS + 3] == 0;
  }

  private static int capacity(long[] slots) {
    return slots.length / WORDS;
  }
}
