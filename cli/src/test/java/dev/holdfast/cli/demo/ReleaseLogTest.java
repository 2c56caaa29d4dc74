package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.TestTerminal;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.daemon.runtime.ReleaseLog;
import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.log.LogLine;
import dev.holdfast.node.log.LogSegment;
import dev.holdfast.protocol.AccountId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `holdfast log` on what a real process wrote while another one recovered; then the same files
/// with one thing done to them that a host might do.
@Tag("slow")
final class ReleaseLogTest {
  private static final String FILE = LogSegment.name(1);
  private static final String HEX = "[0-9a-f]{64}";

  private static KeyedFleet keyed;
  private static Fleet fleet;
  private static String victim = "";
  private static String provider = "";
  private static List<String> written = List.of();
  private static List<String> ofTheVictim = List.of();

  private final TestTerminal terminal = new TestTerminal();

  /// Whose log it is to be.
  private String asked = provider;

  @TempDir private Path folder;

  @BeforeAll
  static void recoverOnce() throws Exception {
    keyed = KeyedFleet.start();
    fleet = keyed.fleet;
    DemoNode first = fleet.nodes().getFirst();
    victim = first.status().flatMap(NodeStatus::account).orElseThrow();
    first.kill();
    first.start("node");
    keyed.awaitState(first, "ready");
    keepLogOfOneThatReleased();
    first.stop();
    ofTheVictim = log(first);
  }

  private static List<String> log(DemoNode node) throws IOException {
    return Files.readAllLines(node.dataDir().resolve(ReleaseLog.FOLDER).resolve(FILE));
  }

  /// Two of three released; the third may never have been asked.
  private static void keepLogOfOneThatReleased() throws Exception {
    for (DemoNode node : fleet.nodes().subList(1, 4)) {
      String account = node.status().flatMap(NodeStatus::account).orElseThrow();
      node.stop();
      List<String> lines = log(node);
      if (lines.stream().anyMatch(line -> line.contains("\"kind\":\"release\""))) {
        provider = account;
        written = lines;
        return;
      }
    }
    throw new AssertionError("nobody has a release in the log");
  }

  @AfterAll
  static void stop() throws Exception {
    keyed.close();
  }

  @BeforeEach
  void copy() throws IOException {
    write(written);
  }

  private void write(List<String> lines) throws IOException {
    Files.write(folder.resolve(FILE), lines);
  }

  private int verify(String... more) {
    List<String> line =
        new ArrayList<>(
            List.of("log", "verify", "--folder", folder.toString(), "--account", asked));
    line.addAll(List.of(more));
    return terminal.runNow(line.toArray(String[]::new));
  }

  /// The findings, each as its entry and its code.
  private List<String> faults(String... more) {
    assertEquals(Exit.REFUSED, verify(more), terminal.err());
    return terminal
        .out()
        .lines()
        .filter(line -> line.startsWith("entry "))
        .map(line -> line.replaceAll("^entry ([0-9]+): ([a-z-]+),.*", "$2 $1"))
        .toList();
  }

  private static LogLine parse(String line) {
    try {
      return LogLine.parse(Bytes.copyOf(line.getBytes(StandardCharsets.UTF_8)));
    } catch (MalformedException e) {
      throw new AssertionError(line, e);
    }
  }

  /// Where the first release stands.
  private static int release() {
    return IntStream.range(0, written.size())
        .filter(i -> written.get(i).contains("\"kind\":\"release\""))
        .findFirst()
        .orElseThrow();
  }

  private static LogLine.Entry lastEntry() {
    return (LogLine.Entry)
        written.stream()
            .map(ReleaseLogTest::parse)
            .filter(LogLine.Entry.class::isInstance)
            .reduce((before, after) -> after)
            .orElseThrow();
  }

  @Test
  void log_asWritten_isIntact() {
    assertEquals(Exit.OK, verify(), terminal.out());
    assertTrue(terminal.out().matches("(?s)[0-9]+ entries, .*" + HEX + "\\s+"), terminal.out());
    assertEquals(Exit.OK, verify("--json"), terminal.out());
    assertTrue(terminal.out().contains("\"intact\":true"), terminal.out());
    assertTrue(terminal.out().contains("\"account\":\"" + provider + "\""), terminal.out());
  }

  @Test
  void log_ofTheOneThatWasKilled_isIntact() throws IOException {
    write(ofTheVictim);
    asked = victim;
    assertEquals(Exit.OK, verify(), terminal.out());
    assertEquals(Exit.OK, terminal.runNow("log", "who", "--folder", folder.toString(), provider));
    assertTrue(terminal.out().contains("  deposit  "), terminal.out());
  }

  @Test
  void account_notNamed_isTakenFromTheLogAndSaid() {
    assertEquals(Exit.OK, terminal.runNow("log", "verify", "--folder", folder.toString()));
    assertTrue(terminal.err().contains("from the log itself"), terminal.err());
    assertTrue(terminal.out().contains(provider), terminal.out());
  }

  @Test
  void who_ofTheOneThatRecovered_showsDepositClaimAndRelease() {
    assertEquals(Exit.OK, terminal.runNow("log", "who", "--folder", folder.toString(), victim));
    for (String kind : List.of("deposit", "claim", "release")) {
      assertTrue(terminal.out().contains("  " + kind + "  "), terminal.out());
    }
    String later = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS).toString();
    assertEquals(
        Exit.OK,
        terminal.runNow("log", "who", "--folder", folder.toString(), "--since", later, victim));
    assertEquals("", terminal.out());
    assertEquals(Exit.OK, terminal.runNow("log", "who", "--folder", folder.toString(), provider));
    assertFalse(terminal.out().contains("release"), terminal.out());
  }

  @Test
  void who_ofAChangedLog_showsAndSaysSo() throws IOException {
    List<String> lines = new ArrayList<>(written);
    lines.remove(release());
    write(lines);
    assertEquals(
        Exit.REFUSED, terminal.runNow("log", "who", "--folder", folder.toString(), victim));
    assertTrue(terminal.out().contains("  deposit  "), terminal.out());
    assertTrue(terminal.err().contains("something is wrong with this log"), terminal.err());
  }

  @Test
  void entry_removed_isMissing() throws IOException {
    List<String> lines = new ArrayList<>(written);
    long sequence = parse(lines.remove(release())).sequence();
    write(lines);
    assertEquals(List.of("missing " + sequence), faults());
  }

  @Test
  void entry_changed_isChanged() throws IOException {
    List<String> lines = new ArrayList<>(written);
    String line = lines.get(release());
    lines.set(release(), line.replace("\"detail\":\"generation 1 ", "\"detail\":\"generation 9 "));
    write(lines);
    assertEquals(List.of("changed " + parse(line).sequence()), faults());
  }

  @Test
  void entry_givenToAnotherAccount_isChanged() throws IOException {
    List<String> lines = new ArrayList<>(written);
    String line = lines.get(release());
    LogLine.Entry entry = (LogLine.Entry) parse(line);
    LogFact fact =
        new LogFact(
            entry.fact().at(),
            entry.fact().kind(),
            account(provider),
            entry.fact().count(),
            entry.fact().detail());
    lines.set(release(), new LogLine.Entry(entry.sequence(), fact, entry.head()).toLine());
    write(lines);
    assertEquals(List.of("changed " + entry.sequence()), faults());
  }

  @Test
  void entries_reordered_areOutOfOrder() throws IOException {
    List<String> lines = new ArrayList<>(written);
    List<Integer> entries =
        IntStream.range(0, lines.size())
            .filter(i -> parse(lines.get(i)) instanceof LogLine.Entry)
            .boxed()
            .toList();
    Collections.swap(lines, entries.get(0), entries.get(1));
    write(lines);
    List<String> faults = faults();
    assertEquals("missing 1", faults.getFirst());
    assertTrue(faults.contains("out-of-order 1"), faults::toString);
  }

  @Test
  void lastSignature_cutOff_isFound() throws IOException {
    write(written.subList(0, written.size() - 1));
    assertTrue(faults().getFirst().startsWith("cut-off "), terminal.out());
  }

  @Test
  void lastLine_cutInTheMiddle_isFound() throws IOException {
    String whole = String.join("\n", written);
    Files.writeString(folder.resolve(FILE), whole.substring(0, whole.length() - 9));
    assertTrue(faults().getFirst().startsWith("cut-off "), terminal.out());
  }

  @Test
  void lastBatch_cutOff_isFoundByWhoKnowsTheHead() throws IOException {
    LogLine.Entry last = lastEntry();
    String known = last.sequence() + ":" + last.head().toHex();
    assertEquals(Exit.OK, verify("--known", known), terminal.out());
    int batch = written.size() - 1;
    while (!(parse(written.get(batch - 1)) instanceof LogLine.Checkpoint)) {
      batch--;
    }
    write(written.subList(0, batch));
    assertEquals(Exit.OK, verify(), terminal.out());
    assertEquals(List.of("not-the-known-head " + last.sequence()), faults("--known", known));
  }

  @Test
  void entry_madeUpAtTheEnd_hasNoSignature() throws IOException {
    List<String> lines = new ArrayList<>(written);
    LogLine.Entry entry = afterTheLast();
    lines.add(entry.toLine());
    write(lines);
    assertEquals(List.of("cut-off " + entry.sequence()), faults());
  }

  @Test
  void entry_madeUpAndSignedByAnother_isNotSigned() throws IOException {
    Crypto crypto = Crypto.preferred(new SecureRandom());
    SigningKey key = crypto.generateSigningKey();
    List<String> lines = new ArrayList<>(written);
    LogLine.Entry entry = afterTheLast();
    lines.add(entry.toLine());
    lines.add(
        LogLine.Checkpoint.sign(crypto, key, account(provider), entry.sequence(), entry.head())
            .toLine());
    write(lines);
    assertEquals(
        List.of("not-signed " + entry.sequence(), "cut-off " + entry.sequence()), faults());
  }

  private static LogLine.Entry afterTheLast() {
    LogLine.Entry last = lastEntry();
    LogFact fact =
        LogFact.of(Instant.now(), LogFact.Kind.RELEASE, account(victim), "generation 1 instance 1");
    return LogLine.Entry.of(last.sequence() + 1, fact, last.head());
  }

  private static AccountId account(String hex) {
    try {
      return AccountId.parse(Bytes.parseHex(hex));
    } catch (MalformedException e) {
      throw new AssertionError(hex, e);
    }
  }

  @Test
  void log_ofAnotherAccount_isNotSigned() {
    asked = victim;
    assertTrue(
        faults().stream().anyMatch(fault -> fault.startsWith("not-signed ")), terminal.out());
  }

  @Test
  void log_removed_isNoLog() throws IOException {
    Files.delete(folder.resolve(FILE));
    assertEquals(Exit.OPERATIONAL, verify());
    assertTrue(terminal.err().contains("no log in "), terminal.err());
  }
}
