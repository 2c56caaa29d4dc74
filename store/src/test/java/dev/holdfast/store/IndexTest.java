package dev.holdfast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.store.keys.SealId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexTest {
  private static final List<Space> SPACES = List.of(Space.USER, Space.NODE, Space.LEDGER);

  @Test
  void index_underRandomChanges_agreesWithAMap() {
    Random random = new Random(20_260_101);
    Index index = new Index();
    Map<RecordKey, SealId> model = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      // Few distinct homes, so that probe chains are long and wrap around.
      long high = random.nextInt(8) * 1_000_003L;
      Space space = SPACES.get(random.nextInt(3));
      RecordKey key = new RecordKey(space, high, random.nextInt(50));
      if (random.nextBoolean()) {
        SealId seal = new SealId(random.nextInt(), i);
        index.put(key, seal);
        model.put(key, seal);
      } else {
        index.remove(key);
        model.remove(key);
      }
      assertEquals(model.get(key), index.find(key));
    }
    model.forEach((key, seal) -> assertEquals(seal, index.find(key)));
    for (Space space : Space.values()) {
      List<RecordKey> expected =
          model.keySet().stream().filter(key -> key.space() == space).sorted().toList();
      assertEquals(expected, index.keys(space));
    }
  }

  @Test
  void index_grown_keepsAll() {
    Random random = new Random(7);
    Index index = new Index();
    Map<RecordKey, SealId> model = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      RecordKey key = new RecordKey(Space.NODE, random.nextLong(), random.nextLong());
      index.put(key, new SealId(1, i));
      model.put(key, new SealId(1, i));
    }
    model.forEach((key, seal) -> assertEquals(seal, index.find(key)));
    assertEquals(50_000, index.keys(Space.NODE).size());
    assertNull(index.find(new RecordKey(Space.NODE, 1, 1)));
  }

  @Test
  void find_whileAnotherThreadWrites_seesOldOrNew() throws InterruptedException {
    Index index = new Index();
    RecordKey key = new RecordKey(Space.USER, 5, 5);
    index.put(key, new SealId(1, 0));
    Thread writer =
        new Thread(() -> {
          Random random = new Random(3);
          for (int i = 1; i <= 100_000; i++) {
            index.put(key, new SealId(i, i));
            index.put(new RecordKey(Space.USER, random.nextInt(5_000), 6), new SealId(1, 1));
            index.remove(new RecordKey(Space.USER, random.nextInt(5_000), 6));
          }
        });
    writer.start();
    while (writer.isAlive()) {
      SealId seen = index.find(key);
      assertEquals(seen == null || seen.number() != 0 ? seen : new SealId(1, 0), seen);
      assertEquals(true, seen != null && (seen.number() == 0 || seen.saltId() == seen.number()));
    }
    writer.join();
  }
}
