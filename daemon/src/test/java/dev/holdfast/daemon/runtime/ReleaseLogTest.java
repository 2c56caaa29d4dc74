package dev.holdfast.daemon.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.node.log.LogAudit;
import dev.holdfast.node.log.LogAudit.Fault;
import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.log.LogSegment;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.Input;
import dev.holdfast.protocol.AccountId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReleaseLogTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.789Z");

  private final Crypto crypto = Crypto.preferred(new SecureRandom());
  private final Identity self = identity();

  @TempDir private Path folder;

  private Identity identity() {
    SigningKey key = crypto.generateSigningKey();
    return new Identity(new AccountId(key.publicKey()), key, 1);
  }

  private ReleaseLog log() {
    return new ReleaseLog(folder, crypto, () -> NOW);
  }

  private Input append(ReleaseLog log, Identity as, int count) {
    List<LogFact> facts =
        Collections.nCopies(
            count, LogFact.of(NOW, LogFact.Kind.RELEASE, self.account(), "generation 1"));
    return log.append(new Effect.AppendLog(as, facts));
  }

  private LogAudit.Result audit(LogAudit.Known... known) throws IOException {
    return LogAudit.of(crypto, self.account(), ReleaseLog.read(folder), List.of(known));
  }

  private List<String> faults() throws IOException {
    return audit().findings().stream().map(f -> f.fault().code() + " " + f.sequence()).toList();
  }

  private Path file() {
    return folder.resolve(LogSegment.name(1));
  }

  /// Six entries, each with its checkpoint: line 0 is the first checkpoint, entry n is line 2n-1.
  private List<String> six() throws IOException {
    ReleaseLog log = log();
    for (int i = 0; i < 6; i++) {
      assertInstanceOf(Input.LogAppended.class, append(log, self, 1));
    }
    assertEquals(List.of(), faults());
    return new ArrayList<>(Files.readAllLines(file()));
  }

  @Test
  void log_reopened_goesOnWhereItWas() throws IOException {
    append(log(), self, 2);
    append(log(), self, 3);
    assertEquals(List.of(), faults());
    assertEquals(5, audit().sequence());
  }

  @Test
  void entry_changed_isNamed() throws IOException {
    List<String> lines = six();
    lines.set(5, lines.get(5).replace("generation 1", "generation 2"));
    Files.write(file(), lines);
    assertEquals(List.of("changed 3"), faults());
  }

  @Test
  void entry_removed_isNamed() throws IOException {
    List<String> lines = six();
    lines.remove(6);
    lines.remove(5);
    Files.write(file(), lines);
    assertEquals(List.of("missing 3"), faults());
  }

  @Test
  void entries_swapped_areNamed() throws IOException {
    List<String> lines = six();
    Collections.swap(lines, 5, 7);
    Files.write(file(), lines);
    assertTrue(faults().contains("missing 3"), faults()::toString);
    assertTrue(faults().contains("out-of-order 3"), faults()::toString);
  }

  @Test
  void checkpointOfAnother_isNotSigned() throws IOException {
    append(log(), identity(), 2);
    assertEquals(List.of("not-signed 0", "not-signed 2", "cut-off 1"), faults());
  }

  @Test
  void checkpoint_cutOff_isNamed() throws IOException {
    List<String> lines = six();
    Files.write(file(), lines.subList(0, lines.size() - 1));
    assertEquals(List.of("cut-off 6"), faults());
  }

  @Test
  void batch_cutOff_showsAgainstAKnownHead() throws IOException {
    List<String> lines = six();
    LogAudit.Known known = new LogAudit.Known(audit().sequence(), audit().head());
    assertEquals(List.of(), audit(known).findings());
    Files.write(file(), lines.subList(0, lines.size() - 2));
    assertEquals(List.of(), faults());
    assertEquals(Fault.NOT_THE_KNOWN_HEAD, audit(known).findings().getFirst().fault());
    append(log(), self, 1);
    LogAudit.Known other = new LogAudit.Known(known.sequence(), Bytes.zero(32));
    assertEquals(Fault.NOT_THE_KNOWN_HEAD, audit(other).findings().getFirst().fault());
  }

  @Test
  void tornBatch_isWrittenOver() throws IOException {
    List<String> lines = six();
    String torn = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n{\"ki";
    Files.writeString(file(), torn);
    append(log(), self, 1);
    assertEquals(List.of(), faults());
    assertEquals(6, audit().sequence());
  }

  @Test
  void lostLog_isAGap_andTheNodeGoesOn() throws IOException {
    Identity later = new Identity(self.account(), self.key(), 2);
    assertInstanceOf(Input.LogAppended.class, append(log(), later, 2));
    assertEquals(List.of("gap 1"), faults());
    assertEquals(3, audit().sequence());
  }

  @Test
  void unreadableFile_isAGap_behindIt() throws IOException {
    six();
    Files.writeString(file(), "nothing of a log\n");
    assertInstanceOf(Input.LogAppended.class, append(log(), self, 1));
    assertEquals(2, ReleaseLog.read(folder).size());
    assertEquals(Fault.GAP, audit().findings().getLast().fault());
  }

  @Test
  void lineDamagedBeforeGoodOnes_isKept_andTheNodeGoesOnBehindIt() throws IOException {
    List<String> lines = six();
    lines.set(5, "damaged");
    Files.write(file(), lines);
    assertInstanceOf(Input.LogAppended.class, append(log(), self, 1));
    assertEquals(lines, Files.readAllLines(file()));
    assertEquals(Fault.GAP, audit().findings().getLast().fault());
  }

  @Test
  void logRemovedWhileTheNodeRuns_isAGap_alsoInItsFirstRun() throws IOException {
    ReleaseLog log = log();
    append(log, self, 2);
    Files.delete(file());
    assertInstanceOf(Input.LogNotAppended.class, append(log, self, 1));
    assertInstanceOf(Input.LogAppended.class, append(log, self, 1));
    assertEquals(List.of("gap 1"), faults());
  }

  @Test
  void oldestFileRemoved_isMissing_unlessAllThatAreKeptAreThere() throws IOException {
    ReleaseLog log = log();
    append(log, self, LogSegment.ENTRIES);
    append(log, self, 1);
    assertEquals(List.of(), faults());
    Files.delete(file());
    assertEquals(List.of("missing 1"), faults());
  }

  @Test
  void files_areBounded_andTheOldestGo() throws IOException {
    ReleaseLog log = log();
    append(log, self, LogSegment.ENTRIES - 1);
    append(log, self, 1);
    assertEquals(1, ReleaseLog.read(folder).size());
    for (int i = 1; i <= LogSegment.KEPT; i++) {
      append(log, self, LogSegment.ENTRIES);
    }
    assertEquals(LogSegment.KEPT, ReleaseLog.read(folder).size());
    assertEquals(List.of(), faults());
    assertEquals((LogSegment.KEPT + 1L) * LogSegment.ENTRIES, audit().sequence());
  }
}
