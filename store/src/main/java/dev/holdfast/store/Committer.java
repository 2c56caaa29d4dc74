package dev.holdfast.store;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.store.Prepared.Outcome;
import dev.holdfast.store.StateSealer.SealedState;
import dev.holdfast.store.StateSealer.Witnessed;
import dev.holdfast.store.StoreException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// Commits batches in groups: while one writer waits for the disk, the others queue; the first of
/// them then takes the whole queue into one synced engine write. Each batch stays atomic, has a
/// version of its own, and is acknowledged after its group is on disk.
///
/// After a failed write nobody knows what the disk has, so nothing more is written.
final class Committer {
  static final int MAX_GROUP_BATCHES = 512;
  static final long MAX_GROUP_BYTES = 64L << 20;

  private final Engine engine;
  private final Sealer sealer;
  private final StateSealer stateSealer;
  private final Index index;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private boolean leading;

  // Held for writing while engine and index are about to differ.
  private final ReentrantReadWriteLock publishing = new ReentrantReadWriteLock();
  // Deleted with the first write; touched by the leader only.
  private Set<Integer> unusedSalts;

  private volatile Witnessed committed;
  private volatile @Nullable StoreException broken;

  /// A batch of one caller in the queue.
  private static final class Waiting {
    private final Prepared prepared;
    private final Thread thread = Thread.currentThread();
    private @Nullable Outcome outcome;
    private @Nullable StoreException failure;

    // Written last: what is above is visible to who reads it.
    private volatile Turn turn = Turn.WAIT;

    private Waiting(Prepared prepared) {
      this.prepared = prepared;
    }

    private void wake(Turn next) {
      turn = next;
      LockSupport.unpark(thread);
    }

    // As uninterruptible as the write that it waits for.
    private Turn await() {
      boolean interrupted = false;
      while (turn == Turn.WAIT) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        thread.interrupt();
      }
      return turn;
    }
  }

  private enum Turn {
    WAIT,
    LEAD,
    DONE
  }

  /// A read that needs engine and index to agree.
  @FunctionalInterface
  interface Read<T extends @Nullable Object> {
    T run() throws StoreException;
  }

  Committer(
      Engine engine,
      Sealer sealer,
      StateSealer stateSealer,
      StoreCheck.Checked checked,
      Witnessed committed) {
    this.engine = engine;
    this.sealer = sealer;
    this.stateSealer = stateSealer;
    this.index = checked.index();
    this.unusedSalts = checked.unusedSalts();
    this.committed = committed;
  }

  StateSealer stateSealer() {
    return stateSealer;
  }

  Witnessed committed() {
    return committed;
  }

  /// Runs `read` while no commit is between engine and index.
  <T extends @Nullable Object> T settled(Read<T> read) throws StoreException {
    publishing.readLock().lock();
    try {
      return read.run();
    } finally {
      publishing.readLock().unlock();
    }
  }

  /// Returns when the batch is durable, or was refused or void.
  ///
  /// @throws StoreException `FULL`, `FAILED` or `CORRUPTED`: whether the batch will be there when
  ///   the store is opened again is not known
  Outcome commit(Prepared prepared) throws StoreException {
    Waiting own = new Waiting(prepared);
    if (enqueue(own) == Turn.LEAD || own.await() == Turn.LEAD) {
      List<Waiting> group = takeGroup();
      try {
        lead(group);
      } finally {
        release(group, own);
      }
    }
    return result(own);
  }

  // Who comes while nobody leads, leads.
  private Turn enqueue(Waiting own) {
    lock.lock();
    try {
      queue.add(own);
      Turn turn = leading ? Turn.WAIT : Turn.LEAD;
      leading = true;
      return turn;
    } finally {
      lock.unlock();
    }
  }

  private static Outcome result(Waiting own) throws StoreException {
    StoreException failure = own.failure;
    if (failure != null) {
      throw new StoreException(failure.kind(), String.valueOf(failure.getMessage()), failure);
    }
    Outcome outcome = own.outcome;
    if (outcome == null) {
      throw new InvariantError("a commit ended without an outcome");
    }
    return outcome;
  }

  // The leader's own batch is the first.
  private List<Waiting> takeGroup() {
    List<Waiting> group = new ArrayList<>();
    long bytes = 0;
    lock.lock();
    try {
      while (!queue.isEmpty() && group.size() < MAX_GROUP_BATCHES && bytes < MAX_GROUP_BYTES) {
        Waiting next = queue.remove();
        bytes += next.prepared.bytes();
        group.add(next);
      }
    } finally {
      lock.unlock();
    }
    return group;
  }

  // The next leader first, so that the disk does not wait for the callers of this group.
  private void release(List<Waiting> group, Waiting own) {
    Waiting next;
    lock.lock();
    try {
      next = queue.peek();
      leading = next != null;
    } finally {
      lock.unlock();
    }
    if (next != null) {
      next.wake(Turn.LEAD);
    }
    for (Waiting waiting : group) {
      if (waiting != own) {
        waiting.wake(Turn.DONE);
      }
    }
  }

  private void lead(List<Waiting> group) {
    StoreException failure = broken;
    if (failure == null) {
      // Stands unless the attempt ends well: an error on the way leaves the disk unknown.
      broken = new StoreException(Kind.FAILED, "an earlier write did not end");
      try (Draft draft = new Draft(committed.state(), index, sealer)) {
        List<Outcome> outcomes = write(group, draft);
        for (int i = 0; i < group.size(); i++) {
          group.get(i).outcome = outcomes.get(i);
        }
        broken = null;
        return;
      } catch (RocksDBException e) {
        failure = Engine.translate("write", Engine.kind(e), e);
      } catch (StoreException e) {
        failure = e;
      }
      broken = failure;
    }
    for (Waiting waiting : group) {
      waiting.failure = failure;
    }
  }

  private List<Outcome> write(List<Waiting> group, Draft draft)
      throws RocksDBException, StoreException {
    List<Outcome> outcomes = new ArrayList<>();
    for (Waiting waiting : group) {
      outcomes.add(draft.add(waiting.prepared));
    }
    if (outcomes.contains(Outcome.APPLIED)) {
      SealedState sealedState = stateSealer.seal(draft.state());
      publishing.writeLock().lock();
      try {
        engine.write(draft.finish(sealedState, unusedSalts));
        draft.publish();
        unusedSalts = Set.of();
        committed = sealedState.witnessed();
      } finally {
        publishing.writeLock().unlock();
      }
    }
    return outcomes;
  }
}
