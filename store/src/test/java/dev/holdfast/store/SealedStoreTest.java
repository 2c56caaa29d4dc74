package dev.holdfast.store;

import static dev.holdfast.store.StoreFixture.get;
import static dev.holdfast.store.StoreFixture.put;
import static dev.holdfast.store.StoreFixture.secret;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.store.StoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class SealedStoreTest {
  @TempDir Path folder;
  private StoreFixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new StoreFixture(folder);
  }

  @AfterEach
  void tearDown() {
    fixture.close();
  }

  @Test
  void value_written_isReadBackAlsoAfterReopen() throws StoreException {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "first");
      put(store, "b", "second");
      put(store, "a", "third");
      assertEquals(Optional.of("third"), get(store, "a"));
    }
    try (SealedStore store = fixture.open()) {
      assertEquals(Optional.of("third"), get(store, "a"));
      assertEquals(Optional.of("second"), get(store, "b"));
      assertEquals(Optional.empty(), get(store, "c"));
      assertEquals(fixture.identity, store.identity());
      assertEquals(List.of(1L), store.generations());
    }
  }

  @Test
  void value_empty_isAValue() throws StoreException {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "");
      assertEquals(Optional.of(""), get(store, "a"));
      assertTrue(store.exists(Space.USER, Name.of("a")));
    }
  }

  @Test
  void name_inThreeSpaces_isThreeRecords() throws StoreException {
    try (SealedStore store = fixture.create()) {
      for (Space space : Space.values()) {
        put(store, space, "a", space.name());
      }
      assertTrue(store.delete(Space.NODE, Name.of("a")));
      assertEquals(Optional.of("USER"), get(store, Space.USER, "a"));
      assertEquals(Optional.empty(), get(store, Space.NODE, "a"));
      assertEquals(Optional.of("LEDGER"), get(store, Space.LEDGER, "a"));
    }
  }

  @Test
  void delete_ofAbsentName_changesNothing() throws StoreException {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      StoreWitness before = store.witness();
      assertFalse(store.delete(Space.USER, Name.of("b")));
      assertEquals(before, store.witness());
      assertTrue(store.delete(Space.USER, Name.of("a")));
      assertFalse(store.exists(Space.USER, Name.of("a")));
      assertFalse(store.delete(Space.USER, Name.of("a")));
    }
    try (SealedStore store = fixture.open()) {
      assertFalse(store.exists(Space.USER, Name.of("a")));
    }
  }

  @Test
  void list_namesSortedWithoutReservations() throws StoreException {
    try (SealedStore store = fixture.create()) {
      put(store, "b", "1");
      put(store, "a", "2");
      put(store, Space.NODE, "n", "3");
      assertTrue(store.reserve(Space.USER, Name.of("r")).isPresent());
      assertEquals(List.of(Name.of("a"), Name.of("b")), store.list(Space.USER));
      assertEquals(List.of(Name.of("n")), store.list(Space.NODE));
      assertEquals(List.of(), store.list(Space.LEDGER));
    }
  }

  @Test
  void version_perBatch_growsByOneOnTheTouchedSideOnly() throws StoreException {
    try (SealedStore store = fixture.create();
        SecretBytes value = secret("v")) {
      assertEquals(0, store.witness().version());
      put(store, "a", "1");
      put(store, Space.NODE, "a", "1");
      assertEquals(2, store.witness().version());
      assertEquals(0, store.ledgerWitness().version());
      put(store, Space.LEDGER, "a", "1");
      assertEquals(2, store.witness().version());
      assertEquals(1, store.ledgerWitness().version());
      Batch both = new Batch();
      both.put(Space.USER, Name.of("x"), value).put(Space.USER, Name.of("y"), value);
      both.put(Space.LEDGER, Name.of("x"), value);
      assertTrue(store.write(both));
      assertEquals(3, store.witness().version());
      assertEquals(2, store.ledgerWitness().version());
      assertTrue(store.write(new Batch()));
      assertEquals(3, store.witness().version());
    }
  }

  @Test
  void witness_acrossReopen_isTheSame() throws StoreException {
    StoreWitness before;
    StoreWitness ledgerBefore;
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      put(store, Space.LEDGER, "a", "1");
      before = store.witness();
      ledgerBefore = store.ledgerWitness();
    }
    try (SealedStore store = fixture.open()) {
      assertEquals(before, store.witness());
      assertEquals(ledgerBefore, store.ledgerWitness());
      put(store, "a", "1");
      assertNotEquals(before.mac(), store.witness().mac());
      assertEquals(ledgerBefore, store.ledgerWitness());
    }
  }

  @Test
  void requireAtLeast_laterVersionOrOtherHistory_isRolledBack() throws StoreException {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      StoreWitness one = store.witness();
      put(store, "a", "2");
      StoreWitness two = store.witness();
      store.requireAtLeast(one);
      store.requireAtLeast(two);
      assertKind(Kind.ROLLED_BACK, () -> store.requireAtLeast(new StoreWitness(3, two.mac())));
      assertKind(Kind.ROLLED_BACK, () -> store.requireAtLeast(new StoreWitness(2, one.mac())));
    }
  }

  @Test
  void batch_laterChangeOfOneName_replacesTheEarlier() throws StoreException {
    try (SealedStore store = fixture.create();
        SecretBytes one = secret("1");
        SecretBytes two = secret("2")) {
      Batch batch = new Batch();
      batch.put(Space.USER, Name.of("a"), one).put(Space.USER, Name.of("a"), two);
      batch.put(Space.USER, Name.of("b"), one).delete(Space.USER, Name.of("b"));
      assertTrue(store.write(batch));
      assertEquals(Optional.of("2"), get(store, "a"));
      assertEquals(Optional.empty(), get(store, "b"));
    }
    try (SealedStore store = fixture.open()) {
      assertEquals(List.of(Name.of("a")), store.list(Space.USER));
    }
  }

  @Test
  void batch_conditionFails_changesNothing() throws StoreException {
    try (SealedStore store = fixture.create();
        SecretBytes one = secret("1");
        SecretBytes two = secret("2")) {
      put(store, "a", "1");
      StoreWitness before = store.witness();
      Batch batch = new Batch().put(Space.USER, Name.of("b"), two);
      batch.requireAbsent(Space.USER, Name.of("a"));
      assertFalse(store.write(batch));
      Batch other = new Batch().put(Space.USER, Name.of("b"), two);
      other.requireValue(Space.USER, Name.of("a"), one);
      other.requireValue(Space.USER, Name.of("a"), two);
      assertFalse(store.write(other));
      assertEquals(before, store.witness());
      assertEquals(Optional.empty(), get(store, "b"));
    }
  }

  @Test
  void compareAndPut_onlyOverTheExpectedValue() throws StoreException {
    try (SealedStore store = fixture.create();
        SecretBytes one = secret("1");
        SecretBytes two = secret("2")) {
      Name a = Name.of("a");
      assertFalse(store.compareAndPut(Space.USER, a, one, two));
      put(store, "a", "1");
      assertFalse(store.compareAndPut(Space.USER, a, two, one));
      assertTrue(store.compareAndPut(Space.USER, a, one, two));
      assertFalse(store.compareAndPut(Space.USER, a, one, two));
      assertEquals(Optional.of("2"), get(store, "a"));
    }
  }

  @Test
  void compareAndPut_fromManyThreads_losesNoIncrement() throws Exception {
    int threads = 8;
    int increments = 20;
    try (SealedStore store = fixture.create()) {
      put(store, "counter", "0");
      inThreads(
          threads,
          () -> {
            for (int i = 0; i < increments; i++) {
              increment(store);
            }
          });
      assertEquals(Optional.of(Integer.toString(threads * increments)), get(store, "counter"));
    }
  }

  private static void increment(SealedStore store) throws StoreException {
    boolean done = false;
    while (!done) {
      String old = get(store, "counter").orElseThrow();
      try (SecretBytes expected = secret(old);
          SecretBytes value = secret(Integer.toString(Integer.parseInt(old) + 1))) {
        done = store.compareAndPut(Space.USER, Name.of("counter"), expected, value);
      }
    }
  }

  @Test
  void reservation_isFilledOnce() throws StoreException {
    try (SealedStore store = fixture.create();
        SecretBytes one = secret("1");
        SecretBytes two = secret("2")) {
      Name a = Name.of("a");
      Reservation reservation = store.reserve(Space.USER, a).orElseThrow();
      assertEquals(Space.USER, reservation.space());
      assertEquals(a, reservation.name());
      assertTrue(store.exists(Space.USER, a));
      assertEquals(Optional.empty(), get(store, "a"));
      assertEquals(Optional.empty(), store.reserve(Space.USER, a));
      assertTrue(store.put(reservation, one));
      assertFalse(store.put(reservation, two));
      assertFalse(store.release(reservation));
      assertEquals(Optional.of("1"), get(store, "a"));
      assertEquals(Optional.empty(), store.reserve(Space.USER, a));
    }
  }

  @Test
  void reservation_releasedDeletedOrOverwritten_isVoid() throws StoreException {
    try (SealedStore store = fixture.create();
        SecretBytes one = secret("1")) {
      Name a = Name.of("a");
      Reservation released = store.reserve(Space.USER, a).orElseThrow();
      assertTrue(store.release(released));
      assertFalse(store.exists(Space.USER, a));
      assertFalse(store.put(released, one));

      Reservation deleted = store.reserve(Space.USER, a).orElseThrow();
      assertTrue(store.delete(Space.USER, a));
      assertFalse(store.put(deleted, one));

      Reservation overwritten = store.reserve(Space.USER, a).orElseThrow();
      put(store, "a", "other");
      assertFalse(store.put(overwritten, one));
      assertEquals(Optional.of("other"), get(store, "a"));
    }
  }

  @Test
  void reservation_afterReopen_stillTakesTheName() throws StoreException {
    Name a = Name.of("a");
    try (SealedStore store = fixture.create()) {
      assertTrue(store.reserve(Space.USER, a).isPresent());
    }
    try (SealedStore store = fixture.open()) {
      assertTrue(store.exists(Space.USER, a));
      assertEquals(Optional.empty(), store.reserve(Space.USER, a));
      assertTrue(store.delete(Space.USER, a));
      assertTrue(store.reserve(Space.USER, a).isPresent());
    }
  }

  @Test
  void reservation_fromManyThreads_hasOneWinner() throws Exception {
    try (SealedStore store = fixture.create()) {
      List<Reservation> won = Collections.synchronizedList(new ArrayList<>());
      inThreads(8, () -> store.reserve(Space.USER, Name.of("a")).ifPresent(won::add));
      assertEquals(1, won.size());
    }
  }

  @Test
  void put_fromManyThreads_keepsAllAndCountsEach() throws Exception {
    int threads = 16;
    int puts = 50;
    try (SealedStore store = fixture.create()) {
      inThreads(
          threads,
          () -> {
            String prefix = Thread.currentThread().getName();
            for (int i = 0; i < puts; i++) {
              put(store, prefix + "/" + i % 10, Integer.toString(i));
            }
          });
      assertEquals(800, store.witness().version());
      assertEquals(threads * 10, store.list(Space.USER).size());
    }
    try (SealedStore store = fixture.open()) {
      assertEquals(800, store.witness().version());
      for (Name name : store.list(Space.USER)) {
        String last = get(store, name.text()).orElseThrow();
        assertTrue(name.text().endsWith(last.substring(1)), "the last value of each name stays");
        assertTrue(last.startsWith("4"));
      }
    }
  }

  @Test
  void get_whileOthersWrite_seesOneOfTheWrittenValues() throws Exception {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "0");
      put(store, "gone", "x");
      Thread writer =
          start(
              "writer",
              () -> {
                for (int i = 1; i <= 200; i++) {
                  put(store, "a", Integer.toString(i));
                  store.delete(Space.USER, Name.of("gone"));
                  put(store, "gone", "x");
                }
              });
      int last = 0;
      while (writer.isAlive()) {
        int seen = Integer.parseInt(get(store, "a").orElseThrow());
        assertTrue(seen >= last, "values do not go back");
        last = seen;
        assertTrue(get(store, "gone").orElse("x").equals("x"));
      }
      writer.join();
      assertEquals(Optional.of("200"), get(store, "a"));
    }
  }

  @Test
  void value_atLimit_isKeptAndPastLimitRefused() throws StoreException {
    try (SealedStore store = fixture.create();
        SecretBytes largest = SecretBytes.generate(SealedStore.MAX_VALUE_BYTES, fixture.random);
        SecretBytes tooLarge = SecretBytes.take(new byte[SealedStore.MAX_VALUE_BYTES + 1])) {
      Name name = Name.of("large");
      store.put(Space.USER, name, largest);
      try (SecretBytes read = store.get(Space.USER, name).orElseThrow()) {
        assertTrue(read.sameAs(largest));
      }
      assertThrows(IllegalArgumentException.class, () -> store.put(Space.USER, name, tooLarge));
      assertThrows(
          IllegalArgumentException.class, () -> new Batch().put(Space.USER, name, tooLarge));
      Reservation reservation = store.reserve(Space.USER, Name.of("r")).orElseThrow();
      assertThrows(IllegalArgumentException.class, () -> store.put(reservation, tooLarge));
      assertEquals(2, store.witness().version());
    }
  }

  @Test
  void name_atLimit_isKeptAndPastLimitRefused() throws StoreException {
    Name longest = Name.of("n".repeat(Name.MAX_BYTES));
    try (SealedStore store = fixture.create();
        SecretBytes value = secret("v")) {
      store.put(Space.USER, longest, value);
      assertEquals(List.of(longest), store.list(Space.USER));
    }
    String tooLong = "n".repeat(Name.MAX_BYTES + 1);
    assertThrows(IllegalArgumentException.class, () -> Name.of(tooLong));
    assertThrows(IllegalArgumentException.class, () -> Name.of(""));
    assertThrows(IllegalArgumentException.class, () -> new Name(Bytes.EMPTY));
  }

  @Test
  void name_ofAnyBytes_isKept() throws StoreException {
    Name name = Name.of(Bytes.copyOf(new byte[] {0, -1, 7, -128}));
    try (SealedStore store = fixture.create();
        SecretBytes value = secret("v")) {
      store.put(Space.LEDGER, name, value);
      assertEquals(List.of(name), store.list(Space.LEDGER));
    }
  }

  @Test
  void batch_atLimits_isWrittenAndPastLimitsRefused() throws StoreException {
    try (SealedStore store = fixture.create();
        SecretBytes small = secret("v");
        SecretBytes large = SecretBytes.take(new byte[SealedStore.MAX_VALUE_BYTES])) {
      Batch many = new Batch();
      for (int i = 0; i < Batch.MAX_CHANGES; i++) {
        many.put(Space.NODE, Name.of("n" + i), small);
      }
      assertThrows(
          IllegalArgumentException.class, () -> many.delete(Space.NODE, Name.of("one more")));
      assertTrue(store.write(many));
      assertEquals(1, store.witness().version());
      assertEquals(Optional.of("v"), get(store, Space.NODE, "n9999"));

      Batch heavy = new Batch();
      for (int i = 0; i < 4; i++) {
        heavy.put(Space.USER, Name.of("h" + i), large);
      }
      assertThrows(
          IllegalArgumentException.class, () -> heavy.put(Space.USER, Name.of("h4"), small));
    }
  }

  @Test
  void batch_conditionsPastLimit_areRefused() {
    Batch batch = new Batch();
    for (int i = 0; i < Batch.MAX_CHANGES; i++) {
      batch.requireAbsent(Space.NODE, Name.of("n" + i));
    }
    assertThrows(
        IllegalArgumentException.class, () -> batch.requireAbsent(Space.NODE, Name.of("one more")));
  }

  @Test
  void derivedKey_dependsOnLabelVersionAndSize_andSurvivesReopen() throws StoreException {
    byte[] first;
    try (SealedStore store = fixture.create()) {
      first = derive(store, "luks", 1, 64);
      assertEquals(64, first.length);
      assertFalse(Arrays.equals(first, derive(store, "luks", 2, 64)));
      assertFalse(Arrays.equals(first, derive(store, "other", 1, 64)));
      byte[] shorter = derive(store, "luks", 1, 32);
      assertFalse(Arrays.equals(Arrays.copyOf(first, 32), shorter));
    }
    try (SealedStore store = fixture.open()) {
      assertArrayEquals(first, derive(store, "luks", 1, 64));
    }
  }

  private static byte[] derive(SealedStore store, String label, long version, int size)
      throws StoreException {
    try (SecretBytes key = store.deriveKey(label, version, size)) {
      return key.apply(byte[]::clone);
    }
  }

  @Test
  void call_afterClose_isRefusedAsClosed() throws StoreException {
    SealedStore store = fixture.create();
    store.close();
    store.close();
    assertKind(Kind.CLOSED, () -> get(store, "a"));
    assertKind(Kind.CLOSED, () -> put(store, "a", "1"));
    assertKind(Kind.CLOSED, store::witness);
    assertKind(Kind.CLOSED, () -> store.list(Space.USER));
  }

  @Test
  void close_whileOthersWrite_letsThemFinishOrRefusesThem() throws Exception {
    SealedStore store = fixture.create();
    List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
    List<Thread> writers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int writer = t;
      writers.add(
          start(
              "w" + t,
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  String name = writer + "/" + i;
                  try {
                    put(store, name, name);
                  } catch (StoreException e) {
                    assertEquals(Kind.CLOSED, e.kind());
                    return;
                  }
                  acknowledged.add(name);
                }
              }));
    }
    while (acknowledged.size() < 100) {
      Thread.onSpinWait();
    }
    store.close();
    for (Thread writer : writers) {
      writer.join();
    }
    try (SealedStore reopened = fixture.open()) {
      for (String name : acknowledged) {
        assertEquals(Optional.of(name), get(reopened, name));
      }
      assertEquals(acknowledged.size(), reopened.witness().version());
    }
  }

  @Test
  void progress_onOpen_endsAtTheTotal() throws StoreException {
    try (SealedStore store = fixture.create();
        SecretBytes value = secret("v")) {
      Batch batch = new Batch();
      for (int i = 0; i < 3_000; i++) {
        batch.put(Space.NODE, Name.of("n" + i), value);
      }
      assertTrue(store.write(batch));
    }
    List<Long> heard = new ArrayList<>();
    CheckProgress progress =
        (checked, total) -> {
          assertEquals(3_000, total);
          heard.add(checked);
        };
    try (SealedStore store =
        SealedStore.open(
            fixture.path, fixture.identity, fixture.rootKey, fixture.random, progress)) {
      assertEquals(List.of(0L, 1024L, 2048L, 3000L), heard);
      assertEquals(1, store.witness().version());
    }
  }

  @Test
  void check_ofAnOpenStore_countsItsRecords() throws StoreException {
    try (SealedStore store = fixture.create()) {
      put(store, "a", "1");
      put(store, Space.LEDGER, "b", "2");
      store.reserve(Space.NODE, Name.of("c"));
      List<Long> progress = new ArrayList<>();
      assertEquals(3, store.check((checked, total) -> progress.add(checked)));
      assertEquals(List.of(0L, 3L), progress);
      SealedStore.Stats stats = store.stats();
      assertEquals(Map.of(Space.USER, 1L, Space.NODE, 1L, Space.LEDGER, 1L), stats.records());
      assertEquals(1, stats.dataKeys());
      assertTrue(stats.diskBytes() > 0);
      assertEquals(stats.diskBytes(), store.diskBytes());
    }
  }

  @Test
  void text_ofAName_isItsUtf8() {
    assertEquals("schlüssel", Name.of("schlüssel").text());
    assertEquals(Bytes.copyOf("ü".getBytes(StandardCharsets.UTF_8)), Name.of("ü").bytes());
  }

  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  static void assertKind(Kind kind, Executable call) {
    assertEquals(kind, assertThrows(StoreException.class, call).kind());
  }

  private static void inThreads(int threads, Work work) throws Exception {
    List<Thread> running = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < threads; t++) {
      Thread thread = new Thread(checked(work), "t" + t);
      thread.setUncaughtExceptionHandler((where, failure) -> failures.add(failure));
      thread.start();
      running.add(thread);
    }
    for (Thread thread : running) {
      thread.join();
    }
    assertEquals(List.of(), failures);
  }

  private static Thread start(String name, Work work) {
    Thread thread = new Thread(checked(work), name);
    thread.start();
    return thread;
  }

  private static Runnable checked(Work work) {
    return () -> {
      try {
        work.run();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    };
  }
}
