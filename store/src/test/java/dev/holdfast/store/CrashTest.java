package dev.holdfast.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a writing process without warning and accounts for every acknowledged write.
class CrashTest {
  private static final int KILLS = 5;

  @TempDir Path folder;

  @Test
  void writes_acknowledgedBeforeKill_areAllThereAndBatchesWhole() throws Exception {
    try (StoreFixture fixture = new StoreFixture(folder)) {
      fixture.create().close();
      int[] acknowledged = new int[CrashWriter.THREADS];
      for (int kill = 0; kill < KILLS; kill++) {
        runAndKill(fixture, 20 + 60 * kill, acknowledged);
        try (SealedStore store = fixture.open()) {
          check(store, acknowledged);
        }
      }
    }
  }

  private static void check(SealedStore store, int[] acknowledged) throws StoreException {
    int batches = 0;
    for (int thread = 0; thread < CrashWriter.THREADS; thread++) {
      int found = CrashWriter.read(store, Space.USER, CrashWriter.counter(thread));
      int last = acknowledged[thread];
      // The write under way when the process died was not acknowledged, and may be there.
      assertTrue(found == last || found == last + 1, "acknowledged " + last + ", found " + found);
      assertEquals(found, CrashWriter.read(store, Space.LEDGER, CrashWriter.counter(thread)));
      for (int n = 1; n <= found; n++) {
        assertEquals(n, CrashWriter.read(store, Space.NODE, CrashWriter.step(thread, n)));
      }
      acknowledged[thread] = found;
      batches += found;
    }
    assertEquals(batches, store.witness().version());
    assertEquals(batches, store.ledgerWitness().version());
    assertEquals(batches, store.list(Space.NODE).size());
  }

  // Kills after so many acknowledgements; the rest of them is still in the pipe.
  private static void runAndKill(StoreFixture fixture, int after, int[] acknowledged)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CrashWriter.class.getName());
    command.add(fixture.path.toString());
    command.add(fixture.identity.storeId().toHex());
    command.add(fixture.identity.account().toHex());
    command.add(fixture.rootKey.apply(key -> Bytes.copyOf(key).toHex()));
    Process writer =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = writer.inputReader(StandardCharsets.US_ASCII)) {
      int heard = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        String[] words = line.split(" ", -1);
        if (words.length != 2) {
          // Cut by the kill, or a failure that the count below shows.
          continue;
        }
        acknowledged[Integer.parseInt(words[0])] = Integer.parseInt(words[1]);
        heard++;
        if (heard == after) {
          // By its handle: the process's own method would close the pipe as well.
          writer.toHandle().destroyForcibly();
        }
      }
      assertTrue(heard >= after, "the writer lives until it is killed");
    } finally {
      writer.destroyForcibly();
    }
    writer.waitFor();
  }
}
