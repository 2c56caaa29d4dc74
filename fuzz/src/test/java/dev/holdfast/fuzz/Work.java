package dev.holdfast.fuzz;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.lang.management.ManagementFactory;

/// Bounds what one input may cost. Memory is what can be counted the same everywhere; the fuzzer's
/// own limit of seconds stands beside it.
final class Work {
  /// Allocations that one input of at most the size limits may cause: many times what any needs.
  static final long MAX_ALLOCATED_BYTES = 64L * 1024 * 1024;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Work() {}

  /// Runs `work`; a [Find] when it allocates more than an input may. Once more before it is one:
  /// the first input that needs a class pays for loading it.
  static void bounded(Runnable work) {
    if (allocated(work) > MAX_ALLOCATED_BYTES) {
      long again = allocated(work);
      Find.unless(
          again <= MAX_ALLOCATED_BYTES,
          "at most " + MAX_ALLOCATED_BYTES + " bytes for an input, took " + again);
    }
  }

  /// What a target does with `input` taken in one way of several.
  interface Way {
    void take(int way, Bytes input) throws MalformedException;
  }

  /// Runs the way that the first byte of `input` chooses on the rest of it, bounded; its refusal
  /// must be short.
  static void chosen(byte[] input, int ways, Way target) {
    if (input.length > 0) {
      Bytes rest = Bytes.copyOf(input, 1, input.length - 1);
      bounded(() -> take((input[0] & 0xff) % ways, rest, target));
    }
  }

  private static void take(int way, Bytes input, Way target) {
    try {
      target.take(way, input);
    } catch (MalformedException e) {
      Find.unlessShort(e);
    }
  }

  private static long allocated(Runnable work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
