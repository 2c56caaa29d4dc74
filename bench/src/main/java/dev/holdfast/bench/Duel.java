package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/// Two stores under the same load in turns of one slice each, the first in every second round
/// first: what disturbs the machine for longer than a slice disturbs both.
///
/// @param keys number of keys that the load is spread over, all of them present
record Duel(int threads, int keys, int rounds, int sliceMillis) {
  private static final int WARM_UP_ROUNDS = 3;

  /// @param ratio median over the rounds of own ÷ other
  /// @param own median operations per second
  /// @param other the same of the other store
  record Outcome(double ratio, double own, double other) {}

  /// One operation on a key.
  @FunctionalInterface
  interface Operation {
    void run(KeyValues values, byte[] key) throws Exception;
  }

  Outcome run(KeyValues own, KeyValues other, Operation operation)
      throws ExecutionException, InterruptedException {
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      rate(own, operation);
      rate(other, operation);
    }
    List<Double> ratios = new ArrayList<>();
    List<Double> ownRates = new ArrayList<>();
    List<Double> otherRates = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      boolean ownFirst = round % 2 == 0;
      double first = rate(ownFirst ? own : other, operation);
      double second = rate(ownFirst ? other : own, operation);
      double ownRate = ownFirst ? first : second;
      double otherRate = ownFirst ? second : first;
      ratios.add(ownRate / otherRate);
      ownRates.add(ownRate);
      otherRates.add(otherRate);
    }
    return new Outcome(median(ratios), median(ownRates), median(otherRates));
  }

  /// Operations per second of one slice.
  double rate(KeyValues values, Operation operation)
      throws ExecutionException, InterruptedException {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      long start = System.nanoTime();
      long end = start + sliceMillis * 1_000_000L;
      List<Future<Long>> counts = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        counts.add(executor.submit(() -> count(values, operation, end)));
      }
      long sum = 0;
      for (Future<Long> count : counts) {
        sum += count.get();
      }
      return sum * 1e9 / (System.nanoTime() - start);
    }
  }

  private long count(KeyValues values, Operation operation, long end) throws Exception {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long done = 0;
    while (System.nanoTime() < end) {
      operation.run(values, StoreBench.key(random.nextInt(keys)));
      done++;
    }
    return done;
  }

  static double median(List<Double> figures) {
    Collections.sort(figures);
    return figures.get(figures.size() / 2);
  }
}
