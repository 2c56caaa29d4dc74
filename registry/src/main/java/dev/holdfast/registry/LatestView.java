package dev.holdfast.registry;

import dev.holdfast.registry.MembershipView.Ignored;
import dev.holdfast.registry.MembershipView.Listing;
import dev.holdfast.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The view that a registry shows, and those who wait for the next one: for implementations of
/// [MembershipRegistry]. Thread-safe.
public final class LatestView {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile MembershipView view = MembershipView.none("not read yet");
  private boolean closed;

  /// Nothing seen yet.
  public LatestView() {}

  /// The present view: empty and stale at first.
  public MembershipView view() {
    return view;
  }

  /// Shows what the registry says now, under a new revision if that is anything new.
  public void show(List<Listing> listings, List<Ignored> ignored, int ignoredCount) {
    replace(new MembershipView(0, listings, Optional.empty(), ignored, ignoredCount));
  }

  /// Keeps the last view and says why it is no newer.
  public void stale(String why) {
    lock.lock();
    try {
      replace(
          new MembershipView(
              0, view.listings(), Optional.of(why), view.ignored(), view.ignoredCount()));
    } finally {
      lock.unlock();
    }
  }

  private void replace(MembershipView next) {
    lock.lock();
    try {
      if (!view.saysTheSameAs(next)) {
        view =
            new MembershipView(
                view.revision() + 1,
                next.listings(),
                next.stale(),
                next.ignored(),
                next.ignoredCount());
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// As [MembershipRegistry#awaitChange].
  public MembershipView awaitChange(long known, Duration atMost)
      throws RegistryException, InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (!closed && view.revision() == known && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (closed) {
        throw closed();
      }
      return view;
    } finally {
      lock.unlock();
    }
  }

  /// Ends every wait.
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// What every call fails with after [#close].
  public static RegistryException closed() {
    return new RegistryException(Kind.REGISTRY_CLOSED, "the registry is closed");
  }
}
