package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonNull;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.EnclaveRecipe;
import dev.holdfast.simulator.EventLogRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quote inspect --eventlog`. Spec: docs/spec/eventlog.md
final class EventLogCommandTest {
  private static final Path VECTORS =
      Path.of(System.getProperty("holdfast.root", ".."), "../shared/vectors/dcap");
  private static final SimulatedPlatform PLATFORM =
      DevelopmentVendor.generate(new SecureRandom(), TestTerminal.NOW)
          .platform(PlatformRecipe.of("machine"));
  private static final EventLogRecipe BOOT = EventLogRecipe.ofImage("image");
  private static final int AREA_SIZE = 4096;

  private final TestTerminal terminal = new TestTerminal();

  @TempDir Path folder;
  private Path quote = Path.of("");
  private Path log = Path.of("");
  private Path table = Path.of("");

  @BeforeEach
  void writeQuoteAndLog() throws IOException {
    TdRecipe td = BOOT.appliedTo(TdRecipe.ofImage("image"));
    quote = write("quote.bin", PLATFORM.quote(td, Bytes.zero(64)));
    log = write("log.bin", BOOT.toArea(AREA_SIZE));
    table = write("table.bin", EventLogRecipe.ccelTable(AREA_SIZE));
  }

  private Path write(String name, Bytes bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes.toArray());
  }

  private int inspect(String... more) {
    String[] start = {"quote", "inspect", quote.toString(), "--eventlog", log.toString()};
    return terminal.run(Stream.of(start, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private JsonObject json() throws MalformedException {
    return Json.parse(terminal.out().strip().getBytes(StandardCharsets.UTF_8))
        .asObject()
        .object("eventLog");
  }

  @Test
  void inspect_logThatFits_listsEventsByRegister() {
    assertEquals(Exit.OK, inspect(), terminal.err());

    String out = terminal.out();
    assertTrue(out.startsWith("version "), out);
    assertTrue(out.contains("\neventLog            tcg-crypto-agile, 5 events, "), out);
    assertTrue(out.contains("\nrtmr0               match, 2 events\n     1  EV_EFI_ACTION"), out);
    assertTrue(out.contains("\nrtmr2               match, 1 event\n"), out);
    assertTrue(out.contains("\nrtmr3               match, 0 events\n"), out);
    assertTrue(out.contains("  not-applicable  kernel\n"), out);
    assertTrue(out.contains("  yes             command line of image\n"), out);
    assertFalse(out.contains("verified"), out);
    assertEquals(
        "holdfast: nothing here is verified; see: holdfast quote verify\n", terminal.err());
  }

  @Test
  void inspect_logThatFits_asJsonHasAllMembers() throws MalformedException {
    assertEquals(Exit.OK, inspect("--json", "--ccel-table", table.toString()), terminal.err());

    JsonObject json = json();
    assertEquals("tcg-crypto-agile", json.string("format"));
    assertEquals(BOOT.toBytes().size(), json.integer("usedBytes", 0, AREA_SIZE));
    assertEquals(1, json.array("digestAlgorithms", 9).items().size());
    assertTrue(json.bool("fits"));
    assertEquals(0, json.array("findings", 9).items().size());
    JsonObject register = json.array("registers", 4).items().get(1).asObject();
    assertEquals("rtmr1", register.string("register"));
    assertEquals("match", register.string("result"));
    assertEquals(2, register.integer("events", 0, 9));
    JsonObject event = json.array("events", 5).items().get(2).asObject();
    assertEquals(3, event.integer("number", 1, 5));
    assertEquals("rtmr1", event.string("register"));
    assertEquals(true, event.bool("measured"));
    assertEquals(0xd, event.integer("type", 0, 0xffffffffL));
    assertEquals("EV_IPL", event.string("typeName"));
    assertEquals(BOOT.events().get(2).digest().toHex(), event.string("digest"));
    assertEquals("not-applicable", event.string("digestOfData"));
    assertEquals(6, event.integer("dataBytes", 0, 99));
    assertEquals("kernel", event.string("description"));
  }

  @Test
  void inspect_dstackLogThatFits_isShown() throws Exception {
    EventLogRecipe boot = BOOT.running("app-id", Bytes.copyOf(new byte[] {1, 2}));
    quote =
        write("quote.bin", PLATFORM.quote(boot.appliedTo(TdRecipe.ofImage("x")), Bytes.zero(64)));
    log = write("log.json", boot.toJson());

    assertEquals(Exit.OK, inspect(), terminal.err());
    assertTrue(terminal.out().contains("  yes             app-id: 0x0102\n"), terminal.out());
  }

  @Test
  void inspect_logThatGoesOn_isRefusedAndSaysByHowMuch() throws Exception {
    EventLogRecipe longer = BOOT.measuring(2, 5, Bytes.zero(1)).measuring(2, 5, Bytes.zero(2));
    log = write("log.bin", longer.toBytes());

    assertEquals(Exit.REFUSED, inspect());
    String out = terminal.out();
    assertTrue(out.contains("\nrtmr2               mismatch, 3 events\n  quote "), out);
    assertTrue(out.contains("The log has 2 events more than were measured"), out);
    assertTrue(terminal.err().endsWith("holdfast: the event log does not fit the quote\n"));

    assertEquals(Exit.REFUSED, inspect("--json"));
    JsonObject register = json().array("registers", 4).items().get(2).asObject();
    assertEquals("mismatch", register.string("result"));
    assertEquals(BOOT.rtmrs().get(2).toHex(), register.string("quote"));
    assertEquals(longer.rtmrs().get(2).toHex(), register.string("replayed"));
    assertEquals(1, register.integer("matchingEvents", 0, 9));
    assertFalse(json().bool("fits"));
  }

  @Test
  void inspect_logOfAnotherImage_isRefusedWithoutPrefix() throws Exception {
    log = write("log.bin", EventLogRecipe.ofImage("other").toBytes());

    assertEquals(Exit.REFUSED, inspect("--json"));
    JsonObject register = json().array("registers", 4).items().get(1).asObject();
    assertInstanceOf(JsonNull.class, register.member("matchingEvents"));
    assertEquals("match", json().array("registers", 4).items().get(0).asObject().string("result"));
  }

  @Test
  void inspect_logWithFinding_isRefusedThoughRegistersMatch() throws Exception {
    EventLogRecipe boot = BOOT.running("app:id", Bytes.EMPTY);
    quote =
        write("quote.bin", PLATFORM.quote(boot.appliedTo(TdRecipe.ofImage("x")), Bytes.zero(64)));
    log = write("log.json", boot.toJson());

    assertEquals(Exit.REFUSED, inspect());
    assertTrue(
        terminal.out().contains("\nfinding             ambiguous-name: event 6\n"), terminal.out());
    assertTrue(terminal.out().contains("\nrtmr3               match, 1 event\n"), terminal.out());
  }

  @Test
  void inspect_malformedLog_isRefusedWithoutOutput() throws Exception {
    log = write("log.bin", BOOT.toBytes().slice(0, 100));

    assertEquals(Exit.REFUSED, inspect());
    assertEquals("", terminal.out());
    assertTrue(terminal.err().contains("event log: event."), terminal.err());
  }

  @Test
  void inspect_tableOfAnotherArea_isRefused() throws Exception {
    table = write("table.bin", EventLogRecipe.ccelTable(AREA_SIZE + 1));
    assertEquals(Exit.REFUSED, inspect("--ccel-table", table.toString()));
    table = write("table.bin", Bytes.zero(56));
    assertEquals(Exit.REFUSED, inspect("--ccel-table", table.toString()));
    assertTrue(terminal.err().contains("ccel table: signature"), terminal.err());
  }

  @Test
  void inspect_tableWithoutLogOrTwoInputs_isWrongUse() {
    assertEquals(
        Exit.USAGE,
        terminal.run("quote", "inspect", quote.toString(), "--ccel-table", table.toString()));
    assertEquals(Exit.USAGE, terminal.run("quote", "inspect", "-", "--eventlog", "-"));
  }

  @Test
  void inspect_logFromInput_isRead() {
    terminal.withInput(BOOT.toBytes().toArray());
    log = Path.of("-");
    assertEquals(Exit.OK, inspect(), terminal.err());
  }

  @Test
  void inspect_missingLog_isOperational() {
    log = folder.resolve("none");
    assertEquals(Exit.OPERATIONAL, inspect());
    assertEquals("", terminal.out());
  }

  @Test
  void inspect_sgxQuote_isRefused() throws Exception {
    quote = write("quote.bin", PLATFORM.quote(EnclaveRecipe.ofImage("x"), Bytes.zero(64)));
    assertEquals(Exit.REFUSED, inspect());
    assertTrue(terminal.err().contains("no RTMRs"), terminal.err());
  }

  @Test
  void inspect_realMachine_fits() {
    assumeTrue(
        Files.isDirectory(VECTORS), "SKIPPED: no recorded logs of real hardware at " + VECTORS);
    quote = VECTORS.resolve("quotes/tdx-v4-google-cos113.bin");
    log = VECTORS.resolve("eventlog/google-cos113-ccel.bin");
    String realTable = VECTORS.resolve("eventlog/google-cos113-ccel-table.bin").toString();
    assertEquals(Exit.OK, inspect("--ccel-table", realTable), terminal.err());

    quote = VECTORS.resolve("quotes/tdx-v4-dstack-report.bin");
    assertEquals(Exit.REFUSED, inspect());
    log = VECTORS.resolve("eventlog/dstack-report.json");
    assertEquals(Exit.OK, inspect(), terminal.err());
  }

  @Test
  void inspect_help_showsAnExample() {
    assertEquals(Exit.OK, terminal.run("quote", "inspect", "--help"));
    assertTrue(
        terminal.out().contains("Example: holdfast quote inspect quote.bin --eventlog"),
        terminal.out());
  }
}
