package dev.holdfast.attestation.eventlog;

import static dev.holdfast.attestation.eventlog.TcgLog.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.eventlog.EventFinding.Kind;
import dev.holdfast.attestation.eventlog.EventLog.Format;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.EventLogRecipe;
import dev.holdfast.simulator.EventLogRecipe.MeasuredEvent;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of dstack's logs, each broken alone. Spec: docs/spec/eventlog.md#log-of-dstack
class DstackLogTest {
  private static final EventLogRecipe BOOT = EventLogRecipe.ofImage("image");
  private static final EventLogRecipe APP = BOOT.running("app-id", ascii("a:b"));
  private static final String EVENT =
      "{'imr':0,'event_type':13,'digest':'%s','event':'','event_payload':'00ff'}"
          .formatted("0a".repeat(48));

  private static EventLog parse(String text) throws MalformedException {
    return EventLog.parse(bytes(text));
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String text(EventLogRecipe recipe) {
    return new String(recipe.toJson().toArray(), StandardCharsets.UTF_8);
  }

  @Test
  void log_flawless_givesItsEvents() throws MalformedException {
    EventLog log = EventLog.parse(APP.toJson());

    assertEquals(Format.DSTACK_JSON, log.format());
    assertEquals(APP.toJson().size(), log.usedBytes());
    assertEquals(List.of(), log.findings());
    assertEquals(APP.rtmrs(), log.replay());
    Event app = log.events().getLast();
    assertEquals(6, app.number());
    assertEquals(Register.RTMR3, app.register());
    assertEquals("app-id", app.name());
    assertEquals("0x08000001", app.typeName());
    assertEquals(DigestOfData.YES, app.digestOfData());
    assertEquals("app-id: a:b", app.description());
    assertEquals(
        List.of("yes", "yes", "not-applicable", "yes", "yes", "yes"),
        log.events().stream().map(event -> event.digestOfData().code()).toList());
  }

  @Test
  void log_empty_leavesRegistersZero() throws MalformedException {
    EventLog log = parse(" []\n");
    assertEquals(List.of(), log.events());
    assertTrue(log.replay().stream().allMatch(Bytes::isZero));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'imr':0 | 'imr':4
          'imr':0 | 'imr':-1
          'imr':0 | 'imr':'0'
          'imr':0 | 'imr':0.0
          'imr':0 | 'imr':null
          'imr':0 | 'imr':0,'imr':0
          'imr':0 | 'imr':0,'more':0
          'imr':0, | ''
          'event_type':13 | 'event_type':4294967296
          'event_type':13 | 'event_type':-1
          'digest':'0a0a | 'digest':'0a
          'digest':'0a0a | 'digest':'0a0a0a
          'digest':'0a0a | 'digest':'0g0a
          'digest':'0a0a | 'digest':'a0a
          'digest': | 'Digest':
          'event':'' | 'event':0
          'event_payload':'00ff' | 'event_payload':'00f'
          'event_payload':'00ff' | 'event_payload':'0x00'
          'event_payload':'00ff' | 'event_payload':'zz'
          'event_payload':'00ff' | 'event_payload':[]
          """,
      quoteCharacter = '`')
  void member_wrong_isMalformed(String right, String wrong) throws MalformedException {
    assertEquals(1, parse("[" + EVENT + "]").events().size());
    String changed = EVENT.replace(right, wrong.equals("''") ? "" : wrong);
    assertTrue(!changed.equals(EVENT), right);
    assertThrows(MalformedException.class, () -> parse("[" + changed + "]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[1]", "[[]]", "[null]", "[", "[]]", "[] []", "{'event_log':[]}"})
  void document_notAnArrayOfObjects_isMalformed(String text) {
    assertThrows(MalformedException.class, () -> parse(text));
  }

  @Test
  void digest_emptyInFirmwareEvent_isMalformed() {
    String changed = EVENT.replaceAll("(0a)+", "");
    assertThrows(MalformedException.class, () -> parse("[" + changed + "]"));
  }

  @Test
  void digest_leftOutInRuntimeEvent_isComputed() throws MalformedException {
    MeasuredEvent app = APP.events().getLast();
    EventLog log = parse(text(APP).replace(app.digest().toHex(), ""));

    assertEquals(List.of(), log.findings());
    assertEquals(APP.rtmrs(), log.replay());
    assertEquals(app.digest(), log.events().getLast().digest());
  }

  @Test
  void digest_ofRuntimeEventWrong_isAFindingAndNotReplayed() throws MalformedException {
    MeasuredEvent app = APP.events().getLast();
    EventLog log = parse(text(APP).replace(app.digest().toHex(), "00".repeat(48)));

    assertEquals(List.of(new EventFinding(6, Kind.LOGGED_DIGEST_DIFFERS)), log.findings());
    assertEquals("logged-digest-differs", log.findings().getFirst().kind().code());
    assertEquals(APP.rtmrs(), log.replay(), "type, name and payload are what was measured");
  }

  @ParameterizedTest
  @CsvSource({"app-id, app-ie", "613a62, 613a63", "134217729, 134217730"})
  void runtimeEvent_changed_isAFindingAndAnotherRegister(String right, String wrong)
      throws MalformedException {
    EventLog log = parse(text(APP).replace(right, wrong));

    assertEquals(List.of(new EventFinding(6, Kind.LOGGED_DIGEST_DIFFERS)), log.findings());
    assertEquals(APP.rtmrs().subList(0, 3), log.replay().subList(0, 3));
    assertTrue(!log.replay().get(3).equals(APP.rtmrs().get(3)));
  }

  @Test
  void nameWithColon_sharesItsDigestAndIsAFinding() throws MalformedException {
    EventLogRecipe other = BOOT.running("app-id:a", ascii("b"));
    assertEquals(APP.rtmrs(), other.rtmrs(), "the same bytes were hashed");

    EventLog log = EventLog.parse(other.toJson());

    assertEquals(List.of(new EventFinding(6, Kind.AMBIGUOUS_NAME)), log.findings());
  }

  @Test
  void payload_strippedFromFirmwareEvent_isNotJudged() throws MalformedException {
    EventLog log =
        EventLog.parse(
            EventLogRecipe.empty()
                .with(new MeasuredEvent(0, 4, "", EventLog.sha384(Bytes.zero(4)), Bytes.EMPTY))
                .toJson());
    assertEquals(DigestOfData.NOT_APPLICABLE, log.events().getFirst().digestOfData());
  }

  @Test
  void noAction_inRegister3_extendsNothing() throws MalformedException {
    EventLog log = parse("[{'imr':3,'event_type':3,'digest':'','event':'x','event_payload':''}]");
    assertTrue(log.replay().get(3).isZero());
  }

  @Test
  void name_atLimitAndBeyond_isBounded() throws MalformedException {
    String limit = "n".repeat(EventLog.MAX_NAME_CHARACTERS);
    EventLog log = EventLog.parse(BOOT.running(limit, Bytes.EMPTY).toJson());
    assertEquals(limit, log.events().getLast().name());
    assertEquals(EventText.MAX_CHARACTERS, log.events().getLast().description().length());

    Bytes beyond = BOOT.running(limit + "n", Bytes.EMPTY).toJson();
    assertThrows(MalformedException.class, () -> EventLog.parse(beyond));
  }

  @Test
  void name_beyondAscii_isHashedAsUtf8AndShownHarmlessly() throws MalformedException {
    EventLogRecipe recipe = BOOT.running("a\u001b[31m\u202e\u00e9", ascii("x"));
    EventLog log = EventLog.parse(recipe.toJson());
    assertEquals(recipe.rtmrs(), log.replay());
    assertEquals("a?[31m??: x", log.events().getLast().description());
  }

  @Test
  void size_atLimitAndBeyond_isBounded() throws MalformedException {
    String padding = " ".repeat(EventLog.MAX_JSON_SIZE - 2);
    assertEquals(0, parse("[" + padding + "]").events().size());
    assertThrows(MalformedException.class, () -> parse("[" + padding + " ]"));
  }

  @Test
  void items_beyondLimit_areCountedBeforeTheyAreRead() {
    String many = String.join(",", Collections.nCopies(EventLog.MAX_EVENTS, "0"));
    assertMessage("[" + many + "]", "expected an object");
    assertMessage("[" + many + ",0]", "expected at most " + EventLog.MAX_EVENTS + " items");
  }

  private static void assertMessage(String log, String expected) {
    MalformedException e = assertThrows(MalformedException.class, () -> parse(log));
    assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
  }
}
