package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One store, a process that writes to it and is killed without warning, and the account of every
/// write that was acknowledged.
final class CrashHarness implements AutoCloseable {
  private final StoreFixture fixture;
  private final @Nullable PowerLoss powerLoss;
  private final int[] counted = new int[CrashWriter.THREADS];
  private long acknowledged;
  private long lost;
  private long droppedBytes;

  /// @param powerLoss what happens to the disk after each kill; null for nothing
  CrashHarness(Path folder, @Nullable PowerLoss powerLoss) throws StoreException {
    this.fixture = new StoreFixture(folder);
    this.powerLoss = powerLoss;
    fixture.create().close();
  }

  /// Batches that were acknowledged so far.
  long acknowledged() {
    return acknowledged;
  }

  /// Acknowledged batches that were not there afterwards.
  long lost() {
    return lost;
  }

  /// Bytes that the losses of power took.
  long droppedBytes() {
    return droppedBytes;
  }

  /// Kills after so many acknowledgements, or after so many milliseconds if that is earlier. What
  /// was acknowledged in between is still in the pipe, and counts.
  void kill(int afterAcknowledgements, long afterMillis)
      throws IOException, InterruptedException, StoreException {
    ProcessBuilder builder = new ProcessBuilder(command());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    if (powerLoss != null) {
      powerLoss.restart(fixture.path);
      powerLoss.watch(builder, fixture.path);
    }
    Process writer = builder.start();
    // By its handle: the process's own method would close the pipe as well.
    Thread clock = Thread.ofVirtual().start(() -> killLater(writer.toHandle(), afterMillis));
    try {
      listen(writer, afterAcknowledgements);
    } finally {
      writer.destroyForcibly().waitFor();
      clock.interrupt();
    }
    if (powerLoss != null) {
      droppedBytes += powerLoss.strike(fixture.path);
    }
    account();
  }

  @Override
  public void close() {
    fixture.close();
  }

  private static void killLater(ProcessHandle process, long afterMillis) {
    try {
      Thread.sleep(afterMillis);
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen(Process writer, int afterAcknowledgements) throws IOException {
    try (BufferedReader out = writer.inputReader(StandardCharsets.US_ASCII)) {
      int heard = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("failed")) {
          throw new AssertionError("the writer " + line);
        }
        if (words.length != 3) {
          // Cut by the kill.
          continue;
        }
        counted[Integer.parseInt(words[0])] = Integer.parseInt(words[1]);
        acknowledged++;
        heard++;
        if (heard == afterAcknowledgements) {
          writer.toHandle().destroyForcibly();
        }
      }
    }
  }

  /// The write under way when the process died was not acknowledged, and may be there.
  private void account() throws StoreException {
    int batches = 0;
    try (SealedStore store = fixture.open()) {
      for (int thread = 0; thread < CrashWriter.THREADS; thread++) {
        int found = CrashWriter.read(store, Space.USER, CrashWriter.counter(thread));
        lost += Math.max(0, counted[thread] - found);
        require(found <= counted[thread] + 1, "a write that nobody made");
        require(
            found == CrashWriter.read(store, Space.LEDGER, CrashWriter.counter(thread)),
            "half a batch");
        for (int n = 1; n <= found; n++) {
          require(
              n == CrashWriter.read(store, Space.NODE, CrashWriter.step(thread, n)),
              "an earlier batch is incomplete");
        }
        counted[thread] = found;
        batches += found;
      }
      require(batches == store.witness().version(), "the version is not the number of batches");
      require(batches == store.ledgerWitness().version(), "the ledger's version is another");
      require(batches == store.list(Space.NODE).size(), "records that nobody wrote");
    }
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise + "; expected about " + Arrays.toString(counted));
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CrashWriter.class.getName());
    command.add(fixture.path.toString());
    command.add(fixture.identity.storeId().toHex());
    command.add(fixture.identity.account().toHex());
    command.add(fixture.rootKey.apply(key -> Bytes.copyOf(key).toHex()));
    return command;
  }
}
