package dev.holdfast.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Virtual time: what is to happen when. Two things at one instant happen in the order in which
/// they were put down.
final class Agenda {
  private final PriorityQueue<Entry> queue =
      new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::order));
  private Instant now;
  private long order;

  private record Entry(Instant at, long order, Runnable action) {}

  Agenda(Instant start) {
    this.now = start;
  }

  Instant now() {
    return now;
  }

  void after(Duration delay, Runnable action) {
    at(now.plus(delay), action);
  }

  void at(Instant time, Runnable action) {
    queue.add(new Entry(time.isBefore(now) ? now : time, order++, action));
  }

  /// Does everything up to `limit`.
  void runUntil(Instant limit) {
    while (!queue.isEmpty() && !queue.peek().at().isAfter(limit)) {
      Entry next = queue.remove();
      now = next.at();
      next.action().run();
    }
    now = limit;
  }
}
