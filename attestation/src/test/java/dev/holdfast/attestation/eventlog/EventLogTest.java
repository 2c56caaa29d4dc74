package dev.holdfast.attestation.eventlog;

import static dev.holdfast.attestation.eventlog.TcgLog.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.eventlog.RegisterComparison.Match;
import dev.holdfast.attestation.eventlog.RegisterComparison.Mismatch;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.EventLogRecipe;
import dev.holdfast.simulator.EventLogRecipe.MeasuredEvent;
import dev.holdfast.simulator.TdRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Logs of the simulator, replayed, cut and changed. Spec: docs/spec/eventlog.md
class EventLogTest {
  private static final EventLogRecipe BOOT = EventLogRecipe.ofImage("image");
  private static final int HEADER_SIZE = 65;

  /// Bytes of an event before its data.
  private static final int EVENT_SIZE = 4 + 4 + 4 + 2 + 48 + 4;

  private static TdReport report(EventLogRecipe log) {
    return new TdReport(log.appliedTo(TdRecipe.ofImage("image")).toBytes(TdReport.SIZE_1_0));
  }

  @Test
  void replay_simulatedLog_givesTheRegistersOfItsTd() throws MalformedException {
    EventLogRecipe boot = BOOT.running("app-id", ascii("app"));
    TdReport report = report(boot);
    for (Bytes form : List.of(boot.toBytes(), boot.toArea(4096), boot.toJson())) {
      EventLog log = EventLog.parse(form);
      assertEquals(report.rtmrs(), log.replay());
      assertEquals(
          List.of(
              new Match(Register.RTMR0, 2),
              new Match(Register.RTMR1, 2),
              new Match(Register.RTMR2, 1),
              new Match(Register.RTMR3, 1)),
          log.compare(report));
    }
  }

  @Test
  void compare_logThatGoesOn_saysHowManyEventsWereMeasured() throws MalformedException {
    EventLogRecipe longer =
        BOOT.measuring(2, 0xd, ascii("a"))
            .measuring(2, 0xd, ascii("b"))
            .measuring(3, 5, ascii("c"));

    List<RegisterComparison> comparisons = EventLog.parse(longer.toBytes()).compare(report(BOOT));

    assertTrue(comparisons.get(0).matches());
    assertTrue(comparisons.get(1).matches());
    Mismatch mismatch = assertInstanceOf(Mismatch.class, comparisons.get(2));
    assertEquals(3, mismatch.events());
    assertEquals(OptionalInt.of(1), mismatch.matchingEvents());
    assertEquals(BOOT.rtmrs().get(2), mismatch.expected());
    assertEquals(longer.rtmrs().get(2), mismatch.replayed());
    Mismatch fromZero = assertInstanceOf(Mismatch.class, comparisons.get(3));
    assertEquals(OptionalInt.of(0), fromZero.matchingEvents());
  }

  @Test
  void compare_logThatEndsEarly_isAMismatchWithoutPrefix() throws MalformedException {
    EventLogRecipe longer = BOOT.measuring(2, 0xd, ascii("a"));

    Mismatch mismatch =
        assertInstanceOf(
            Mismatch.class, EventLog.parse(BOOT.toBytes()).compare(report(longer)).get(2));

    assertEquals(OptionalInt.empty(), mismatch.matchingEvents());
  }

  @Test
  void compare_eventsInAnotherOrder_isAMismatch() throws MalformedException {
    List<MeasuredEvent> events = new ArrayList<>(BOOT.events());
    events.addFirst(events.remove(1));

    List<RegisterComparison> comparisons =
        EventLog.parse(new EventLogRecipe(events).toBytes()).compare(report(BOOT));

    assertFalse(comparisons.get(0).matches());
    assertTrue(comparisons.get(1).matches());
  }

  @Test
  void compare_eventMovedToAnotherRegister_isTwoMismatches() throws MalformedException {
    List<MeasuredEvent> events = new ArrayList<>(BOOT.events());
    MeasuredEvent moved = events.removeLast();
    events.add(new MeasuredEvent(3, moved.type(), "", moved.digest(), moved.data()));

    List<RegisterComparison> comparisons =
        EventLog.parse(new EventLogRecipe(events).toBytes()).compare(report(BOOT));

    assertEquals(
        List.of(true, true, false, false),
        comparisons.stream().map(RegisterComparison::matches).toList());
  }

  @Test
  void everyPrefix_ofALog_isMalformedOrEndsBehindAnEvent() throws MalformedException {
    Bytes log = BOOT.toBytes();
    List<Integer> ends = new ArrayList<>();
    for (int size = 0; size < log.size(); size++) {
      Bytes prefix = log.slice(0, size);
      try {
        EventLog shorter = EventLog.parse(prefix);
        EventLogRecipe expected =
            new EventLogRecipe(BOOT.events().subList(0, shorter.events().size()));
        assertEquals(expected.toBytes(), prefix);
        assertEquals(expected.rtmrs(), shorter.replay());
        ends.add(size);
      } catch (MalformedException e) {
        assertTrue(e.offset() <= size, e.getMessage());
      }
    }
    assertEquals(ends(BOOT).subList(0, BOOT.events().size()), ends);
  }

  /// Where the header ends, and each event.
  private static List<Integer> ends(EventLogRecipe log) {
    List<Integer> ends = new ArrayList<>(List.of(HEADER_SIZE));
    for (MeasuredEvent event : log.events()) {
      ends.add(ends.getLast() + EVENT_SIZE + event.data().size());
    }
    return ends;
  }

  @Test
  void prefix_insideTheZerosOfAnEventOfMrtd_losesNothingThatIsMeasured() throws MalformedException {
    Bytes mrtd = TcgLog.of(TcgLog.SHA_384).event(0, 0, 7, ascii("x")).toBytes();
    Bytes start = mrtd.slice(HEADER_SIZE, 7);
    Bytes log = new ByteWriter().bytes(BOOT.toBytes()).bytes(start).toBytes();

    EventLog parsed = EventLog.parse(log);

    assertEquals(BOOT.events().size(), parsed.events().size());
    assertEquals(BOOT.rtmrs(), parsed.replay());
  }

  @Test
  void everyChangeOfAByte_isMalformedOrSeenInTheReplayOrInNothingCovered()
      throws MalformedException {
    EventLogRecipe recipe =
        EventLogRecipe.empty()
            .measuring(0, 0x80000007L, ascii("covered"))
            .with(new MeasuredEvent(2, 0xd, "", EventLog.sha384(ascii("?")), ascii("remark")))
            .with(new MeasuredEvent(1, 3, "", Bytes.zero(48), ascii("no action")))
            .measuring(1, 4, ascii("end!"));
    byte[] bytes = recipe.toBytes().toArray();
    EventLog original = EventLog.parse(recipe.toBytes());
    List<Coverage> coverage = coverage(recipe);
    assertEquals(bytes.length, coverage.size());

    for (int offset = 0; offset < bytes.length; offset++) {
      byte before = bytes[offset];
      boolean unseen = false;
      for (int xor = 1; xor < 256; xor++) {
        bytes[offset] = (byte) (before ^ xor);
        unseen |= assertSeen(original, Bytes.copyOf(bytes), coverage.get(offset), offset);
      }
      bytes[offset] = before;
      assertEquals(coverage.get(offset) != Coverage.SEEN, unseen, "offset " + offset);
    }
  }

  /// What a change of a byte does.
  private enum Coverage {
    /// It is refused, or a register changes.
    SEEN,
    /// It may change nothing but what the log says about itself or about an event.
    UNCOVERED,
    /// As the former, and the log shows that data and digest do not agree.
    DATA
  }

  private static List<Coverage> coverage(EventLogRecipe recipe) {
    List<Coverage> coverage = new ArrayList<>();
    add(coverage, 1, Coverage.UNCOVERED); // register of the header: 0 or 1
    add(coverage, 47, Coverage.SEEN);
    add(coverage, 4, Coverage.UNCOVERED); // platform class
    add(coverage, 2, Coverage.SEEN);
    add(coverage, 2, Coverage.UNCOVERED); // errata, size of a word
    add(coverage, 9, Coverage.SEEN);
    for (int i = 0; i < recipe.events().size(); i++) {
      MeasuredEvent event = recipe.events().get(i);
      boolean measured = event.type() != 3;
      boolean last = i + 1 == recipe.events().size();
      boolean maySwallow = !last && recipe.events().get(i + 1).type() == 3;
      add(coverage, 1, measured ? Coverage.SEEN : Coverage.UNCOVERED);
      add(coverage, 3, Coverage.SEEN);
      add(coverage, 4, measured ? Coverage.UNCOVERED : Coverage.SEEN); // type
      add(coverage, 6, Coverage.SEEN);
      add(coverage, 48, measured ? Coverage.SEEN : Coverage.UNCOVERED);
      add(coverage, 1, maySwallow ? Coverage.UNCOVERED : Coverage.SEEN); // size of the data
      add(coverage, 3, Coverage.SEEN);
      boolean ofData = EventLog.sha384(event.data()).equals(event.digest());
      add(coverage, event.data().size(), ofData ? Coverage.DATA : Coverage.UNCOVERED);
    }
    return coverage;
  }

  private static void add(List<Coverage> coverage, int count, Coverage kind) {
    for (int i = 0; i < count; i++) {
      coverage.add(kind);
    }
  }

  /// True when the change is seen neither by the parser nor in a register.
  private static boolean assertSeen(EventLog original, Bytes log, Coverage coverage, int offset) {
    EventLog changed;
    try {
      changed = EventLog.parse(log);
    } catch (MalformedException e) {
      return false;
    }
    if (!changed.replay().equals(original.replay())) {
      return false;
    }
    assertFalse(coverage == Coverage.SEEN, "offset " + offset);
    if (coverage == Coverage.DATA) {
      long disagreeing =
          changed.events().stream().filter(e -> e.digestOfData() == DigestOfData.NO).count();
      assertEquals(1, disagreeing, "offset " + offset);
    }
    return true;
  }

  @Test
  void table_ofTheArea_isParsedAndItsSizeRequired() throws MalformedException {
    CcelTable table = CcelTable.parse(EventLogRecipe.ccelTable(4096));

    assertEquals(4096, table.logAreaSize());
    assertEquals(BOOT.rtmrs(), EventLog.parse(BOOT.toArea(4096), table).replay());
    for (int size : new int[] {4095, 4097}) {
      Bytes area = BOOT.toArea(size);
      MalformedException e =
          assertThrows(MalformedException.class, () -> EventLog.parse(area, table));
      assertEquals("log", e.field());
    }
  }

  @Test
  void table_eachFieldWrong_isMalformed() {
    assertTable("signature", 0, 'D');
    assertTable("length", 4, 57);
    assertTable("ccType", 36, 1);
    assertTable("ccSubtype", 37, 1);
    assertTable("logAreaMinimumLength", 42, 0x11);
    assertTable("logAreaMinimumLength", 47, 0x80);
    assertTable("checksum", 55, 1);
    Bytes table = EventLogRecipe.ccelTable(4096);
    assertThrows(MalformedException.class, () -> CcelTable.parse(table.slice(0, 55)));
    Bytes longer = new ByteWriter().bytes(table).u8(0).toBytes();
    assertThrows(MalformedException.class, () -> CcelTable.parse(longer));
  }

  @Test
  void table_areaAtLimitAndBeyond_isBounded() throws MalformedException {
    Bytes limit = EventLogRecipe.ccelTable(EventLog.MAX_SIZE);
    assertEquals(EventLog.MAX_SIZE, CcelTable.parse(limit).logAreaSize());
    Bytes beyond = EventLogRecipe.ccelTable(EventLog.MAX_SIZE + 1);
    assertThrows(MalformedException.class, () -> CcelTable.parse(beyond));
    Bytes none = EventLogRecipe.ccelTable(0);
    assertThrows(MalformedException.class, () -> CcelTable.parse(none));
  }

  private static void assertTable(String field, int offset, int value) {
    byte[] table = EventLogRecipe.ccelTable(4096).toArray();
    table[offset] = (byte) value;
    MalformedException e =
        assertThrows(MalformedException.class, () -> CcelTable.parse(Bytes.copyOf(table)));
    assertEquals(field, e.field(), e.getMessage());
  }
}
