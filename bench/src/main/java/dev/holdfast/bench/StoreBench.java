package dev.holdfast.bench;

import dev.holdfast.cli.demo.Folders;
import dev.holdfast.codec.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// The sealed store beside plain RocksDB with the same options and the same sync, in turns in one
/// run; beside H2's MVStore and SQLite for orientation; and what opening costs.
public final class StoreBench {
  private static final int SIZE_OF_RECORDS = 100;
  private static final int USUAL_SIZE = 1 << 10;
  private static final List<Integer> SIZES = List.of(USUAL_SIZE, 32, 64 << 10, 1 << 20);
  private static final List<Integer> COUNTS = List.of(10, 10_000, 1_000_000);
  private static final List<Integer> THREADS = List.of(1, 16);

  // The longest of the sizes fill 64 MiB.
  private static final int MAX_KEYS = 10_000;
  private static final long MAX_BYTES = 64L << 20;
  private static final int KEYS_ON_DISK = 100_000;

  private final Path folder;
  private final int rounds;
  private final int sliceMillis;
  private final JsonWriter figures;

  private StoreBench(Path folder, int rounds, int sliceMillis) {
    this.folder = folder;
    this.rounds = rounds;
    this.sliceMillis = sliceMillis;
    this.figures =
        JsonWriter.object()
            .put("command", "bench store")
            .put("rounds", rounds)
            .put("sliceMillis", sliceMillis);
  }

  /// Runs all in a new folder under `--folder` (the file system counts) and prints one line of
  /// JSON: rates per second, ratios to RocksDB, medians.
  public static void main(String[] arguments) throws Exception {
    Arguments given = new Arguments(arguments);
    int rounds = given.number("--rounds", 9, 1, 101);
    int sliceMillis = given.number("--slice-millis", 400, 50, 10_000);
    int records = given.number("--records", COUNTS.getLast(), 10, 100_000_000);
    Path parent = Path.of(given.text("--folder").orElse("bench/target"));
    Path folder = Files.createTempDirectory(Files.createDirectories(parent), "store");
    try {
      StoreBench bench = new StoreBench(folder, rounds, sliceMillis);
      for (int size : SIZES) {
        bench.beside(size);
      }
      bench.afterRestart();
      bench.orientation();
      for (int count : COUNTS) {
        bench.opening(Math.min(count, records));
      }
      System.out.println(bench.figures);
    } finally {
      Folders.delete(folder);
    }
  }

  /// A key of 16 bytes, spread over the whole range.
  static byte[] key(int i) {
    long mixed = i * 0x9e3779b97f4a7c15L;
    return ByteBuffer.allocate(16).putLong(mixed).putLong(i).array();
  }

  static String text(byte[] key) {
    return HexFormat.of().formatHex(key);
  }

  private void beside(int size) throws Exception {
    int keys = (int) Math.min(MAX_KEYS, MAX_BYTES / size);
    byte[] value = value(size);
    try (HoldfastValues own = HoldfastValues.create(folder.resolve("own" + size));
        RocksValues rocks = new RocksValues(folder.resolve("rocks" + size))) {
      for (int i = 0; i < keys; i++) {
        own.put(key(i), value);
        rocks.put(key(i), value);
      }
      for (int threads : THREADS) {
        Duel duel = new Duel(threads, keys, rounds, sliceMillis);
        String at = threads + (size == USUAL_SIZE ? "" : "At" + size);
        report("put", at, duel.run(own, rocks, (values, key) -> values.put(key, value)));
      }
      Duel duel = new Duel(1, keys, rounds, sliceMillis);
      report("getFresh", "At" + size, duel.run(own, rocks, KeyValues::get));
    }
  }

  /// Reads as they are after any restart: from tables on disk, more of them than fit the engine's
  /// cache of 32 MiB.
  private void afterRestart() throws Exception {
    byte[] value = value(USUAL_SIZE);
    Path ownPath = folder.resolve("own");
    Path rocksPath = folder.resolve("rocks");
    try (HoldfastValues own = HoldfastValues.create(ownPath);
        RocksValues rocks = new RocksValues(rocksPath)) {
      own.fill(0, KEYS_ON_DISK, value);
      rocks.fill(0, KEYS_ON_DISK, value);
    }
    try (HoldfastValues own = HoldfastValues.open(ownPath);
        RocksValues rocks = new RocksValues(rocksPath)) {
      Duel duel = new Duel(1, KEYS_ON_DISK, rounds, sliceMillis);
      report("get", "", duel.run(own, rocks, KeyValues::get));
      report("scan", "", duel.run(own, rocks, (values, key) -> values.scan()));
    }
  }

  private void report(String what, String at, Duel.Outcome outcome) {
    figures.raw(what + "Ratio" + at, Arguments.decimal(outcome.ratio()));
    figures.put(what + "PerSecond" + at, Math.round(outcome.own()));
    figures.put(what + "PerSecond" + at + "RocksDb", Math.round(outcome.other()));
    System.err.printf(
        "%s %s: %.2f of RocksDB, %.0f beside %.0f a second%n",
        what, at, outcome.ratio(), outcome.own(), outcome.other());
  }

  private void orientation() throws Exception {
    byte[] value = value(USUAL_SIZE);
    try (MvStoreValues mv = new MvStoreValues(folder.resolve("mvstore"))) {
      orient("MvStore", mv, value);
    }
    try (SqliteValues sqlite = new SqliteValues(folder.resolve("sqlite"))) {
      orient("Sqlite", sqlite, value);
    }
  }

  private void orient(String name, KeyValues values, byte[] value) throws Exception {
    int keys = 1_000;
    for (int i = 0; i < keys; i++) {
      values.put(key(i), value);
    }
    for (int threads : THREADS) {
      Duel duel = new Duel(threads, keys, rounds, sliceMillis);
      alone("put" + threads, name, duel, values, (store, key) -> store.put(key, value));
    }
    alone("get", name, new Duel(1, keys, rounds, sliceMillis), values, KeyValues::get);
  }

  private void alone(
      String what, String name, Duel duel, KeyValues values, Duel.Operation operation)
      throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      rates.add(duel.rate(values, operation));
    }
    long rate = Math.round(Duel.median(rates.subList(1, rates.size())));
    figures.put(what + "PerSecond" + name, rate);
    System.err.println(what + " " + name + ": " + rate + " a second");
  }

  private void opening(int count) throws Exception {
    Path path = folder.resolve("records" + count);
    try (HoldfastValues own = HoldfastValues.create(path)) {
      own.fill(0, count, value(SIZE_OF_RECORDS));
    }
    int opens = count > 100_000 ? 3 : 9;
    List<Double> millis = new ArrayList<>();
    long heap = 0;
    for (int i = 0; i < opens; i++) {
      long before = usedHeap();
      long start = System.nanoTime();
      try (HoldfastValues own = HoldfastValues.open(path)) {
        millis.add((System.nanoTime() - start) / 1e6);
        heap = usedHeap() - before;
        own.get(key(0));
      }
    }
    double median = Duel.median(millis);
    figures.raw("openMillis" + count, Arguments.decimal(median));
    figures.put("heapBytes" + count, heap);
    figures.put("diskBytes" + count, Folders.size(path));
    System.err.printf(
        "open %d records: %.1f ms, heap %d, disk %d bytes%n",
        count, median, heap, Folders.size(path));
    Folders.delete(path);
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static byte[] value(int size) {
    byte[] value = new byte[size];
    new Random(size).nextBytes(value);
    return value;
  }
}
