package dev.holdfast.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.attestation.eventlog.CcelTable;
import dev.holdfast.attestation.eventlog.DigestOfData;
import dev.holdfast.attestation.eventlog.Event;
import dev.holdfast.attestation.eventlog.EventLog;
import dev.holdfast.attestation.eventlog.Register;
import dev.holdfast.attestation.eventlog.RegisterComparison;
import dev.holdfast.attestation.eventlog.RegisterComparison.Mismatch;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonArray;
import dev.holdfast.codec.JsonValue.JsonNull;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonValue.Member;
import dev.holdfast.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Event logs of real machines, beside their quotes. Spec: docs/spec/eventlog.md
class RealEventLogsTest {
  private static final String EXPECTED = "eventlog/expected.json";
  private static final String GOOGLE = "eventlog/google-cos113-ccel.bin";
  private static final String DSTACK = "eventlog/dstack-report.json";
  private static final String DSTACK_CCEL = "eventlog/dstack-ccel.bin";

  @BeforeEach
  void assumeVectors() {
    Vectors.assumePresent();
  }

  @TestFactory
  Stream<DynamicTest> replay_everyRecordedLog_isAsExpected() throws MalformedException {
    List<Member> logs = Json.parse(Vectors.bytes(EXPECTED)).asObject().members();
    assertEquals(3, logs.size());
    return logs.stream()
        .map(log -> dynamicTest(log.name(), () -> assertAsExpected(log.value().asObject())));
  }

  private static void assertAsExpected(JsonObject expected) throws MalformedException {
    Bytes bytes = Vectors.bytes(expected.string("log"));
    EventLog log = EventLog.parse(bytes);

    assertEquals(expected.string("format"), log.format().code());
    assertEquals(expected.integer("events", 0, 1000), log.events().size());
    assertEquals(List.of(), log.findings());
    assertEquals(
        texts(expected.array("rtmr", 4)), log.replay().stream().map(Bytes::toHex).toList());
    if (expected.has("usedBytes")) {
      assertEquals(expected.integer("usedBytes", 0, 1_000_000), log.usedBytes());
      assertEquals(texts(expected.array("digestAlgorithms", 9)), log.digestAlgorithms());
    }
    if (expected.has("acpiTable")) {
      CcelTable table = CcelTable.parse(Vectors.bytes(expected.string("acpiTable")));
      assertEquals(bytes.size(), table.logAreaSize());
      assertEquals(log.replay(), EventLog.parse(bytes, table).replay());
    }
    List<Integer> counts = new ArrayList<>();
    for (JsonValue count : expected.array("eventsPerRtmr", 4).items()) {
      counts.add((int) count.asInteger(0, 1000));
    }
    assertEquals(counts, log.compare(log.replay()).stream().map(r -> r.events()).toList());
    if (!(expected.member("matchesQuote") instanceof JsonNull)) {
      boolean matches =
          log.compare(report(expected.string("quote"))).stream()
              .allMatch(RegisterComparison::matches);
      assertEquals(expected.bool("matchesQuote"), matches);
    }
  }

  @Test
  void compare_logWithQuoteOfAnotherMachine_showsEveryRegister() throws MalformedException {
    EventLog log = EventLog.parse(Vectors.bytes(DSTACK_CCEL));
    TdReport report = report("quotes/tdx-v4-google-cos113.bin");

    List<RegisterComparison> comparisons = log.compare(report);

    for (int i = 0; i < 3; i++) {
      Mismatch mismatch = assertInstanceOf(Mismatch.class, comparisons.get(i));
      assertEquals(report.rtmr(i), mismatch.expected());
      assertEquals(log.replay().get(i), mismatch.replayed());
      assertTrue(mismatch.matchingEvents().isEmpty());
    }
    assertTrue(comparisons.get(3).matches(), "neither measured anything into RTMR 3");
  }

  @Test
  void digests_thatTheirTypesDefine_allHoldAndAreOfTheseTypes() throws MalformedException {
    Set<String> types = new TreeSet<>();
    for (String file : List.of(GOOGLE, DSTACK, DSTACK_CCEL)) {
      for (Event event : EventLog.parse(Vectors.bytes(file)).events()) {
        assertTrue(event.digestOfData() != DigestOfData.NO, file + " " + event.number());
        if (event.digestOfData() == DigestOfData.YES && event.register() != Register.RTMR3) {
          types.add(event.typeName());
        }
      }
    }
    assertEquals(
        Set.of(
            "EV_SEPARATOR",
            "EV_EFI_ACTION",
            "EV_EFI_GPT_EVENT",
            "EV_EFI_VARIABLE_DRIVER_CONFIG",
            "EV_EFI_VARIABLE_AUTHORITY"),
        types);
  }

  @Test
  void descriptions_ofRealEvents_areReadable() throws MalformedException {
    List<String> google = descriptions(GOOGLE);
    assertEquals("TdxTable", google.get(0));
    assertEquals("SecureBoot = 0x00 (8be4df61-93ca-11d2-aa0d-00e098032b8c)", google.get(2));
    assertEquals("PK = 1097 bytes (8be4df61-93ca-11d2-aa0d-00e098032b8c)", google.get(3));
    assertEquals("0x00000000", google.get(7));
    assertEquals("ACPI DATA", google.get(8));
    assertEquals("1636 bytes", google.get(16));
    assertTrue(google.get(23).startsWith("\\EFI\\BOOT\\grub-la"), google.get(23));
    assertEquals("grub_cmd: set timeout=0", google.get(31));
    assertEquals("Exit Boot Services Returned with Success", google.get(42));
    List<String> dstack = descriptions(DSTACK);
    assertEquals("PK is empty (8be4df61-93ca-11d2-aa0d-00e098032b8c)", dstack.get(3));
    assertEquals("8f3b22ed: LOADED_IMAGE::LoadOptions", dstack.get(16));
    assertEquals("system-preparing", dstack.get(20));
    assertTrue(dstack.get(22).startsWith("compose-hash: 0x3763bc34552cf3a2"), dstack.get(22));
  }

  private static List<String> descriptions(String file) throws MalformedException {
    return EventLog.parse(Vectors.bytes(file)).events().stream().map(Event::description).toList();
  }

  @Test
  void everyPrefix_ofARealLog_isMalformedOrEndsBehindAnEvent() throws MalformedException {
    Bytes area = Vectors.bytes(DSTACK_CCEL);
    EventLog whole = EventLog.parse(area);
    int clean = 0;
    for (int size = 0; size < whole.usedBytes(); size++) {
      Bytes prefix = area.slice(0, size);
      try {
        EventLog shorter = EventLog.parse(prefix);
        assertEquals(size, shorter.usedBytes());
        int events = shorter.events().size();
        assertEquals(whole.events().subList(0, events), shorter.events());
        clean++;
      } catch (MalformedException e) {
        assertTrue(e.offset() <= size, "cut to " + size);
      }
    }
    assertEquals(whole.events().size(), clean, "one clean cut before each event");
  }

  @Test
  void table_ofAnotherArea_refusesTheLog() throws MalformedException {
    CcelTable table = CcelTable.parse(Vectors.bytes("eventlog/google-cos113-ccel-table.bin"));
    Bytes cut = Vectors.bytes(GOOGLE).slice(0, 18101);

    assertEquals(43, EventLog.parse(cut).events().size());
    assertThrows(MalformedException.class, () -> EventLog.parse(cut, table));
  }

  private static TdReport report(String quote) throws MalformedException {
    return (TdReport) UnverifiedQuote.parse(Vectors.bytes(quote)).report();
  }

  private static List<String> texts(JsonArray array) throws MalformedException {
    List<String> texts = new ArrayList<>();
    for (JsonValue item : array.items()) {
      texts.add(item.asString());
    }
    return texts;
  }
}
