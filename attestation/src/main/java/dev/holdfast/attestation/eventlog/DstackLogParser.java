package dev.holdfast.attestation.eventlog;

import dev.holdfast.attestation.eventlog.EventFinding.Kind;
import dev.holdfast.attestation.eventlog.EventLog.Format;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Takes dstack's JSON logs apart. Spec: docs/spec/eventlog.md#log-of-dstack
final class DstackLogParser {
  private static final Set<String> MEMBERS =
      Set.of("imr", "event_type", "digest", "event", "event_payload");
  private static final long MAX_TYPE = 0xffffffffL;

  private final List<Event> events = new ArrayList<>();
  private final List<EventFinding> findings = new ArrayList<>();

  private DstackLogParser() {}

  static EventLog parse(Bytes log) throws MalformedException {
    if (log.size() > EventLog.MAX_JSON_SIZE) {
      throw new MalformedException(
          "json", 0, "$", "at most " + EventLog.MAX_JSON_SIZE + " bytes", log.size() + " bytes");
    }
    DstackLogParser parser = new DstackLogParser();
    for (JsonValue item : Json.parse(log).asArray(EventLog.MAX_EVENTS).items()) {
      parser.add(item.asObject());
    }
    return new EventLog(
        Format.DSTACK_JSON, log.size(), List.of("sha384"), parser.events, parser.findings);
  }

  private void add(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    int number = events.size() + 1;
    Register register =
        Register.RTMRS.get((int) object.integer("imr", 0, Register.RTMRS.size() - 1));
    long type = object.integer("event_type", 0, MAX_TYPE);
    String name = name(object.member("event"));
    Bytes data = hex(object.member("event_payload"), EventLog.MAX_EVENT_DATA);
    Bytes logged = hex(object.member("digest"), Event.DIGEST_SIZE);
    boolean runtime = register == Register.RTMR3;
    boolean left = runtime && logged.isEmpty();
    if (logged.size() != Event.DIGEST_SIZE && !left) {
      throw object
          .member("digest")
          .mismatch(Event.DIGEST_SIZE + " bytes", logged.size() + " bytes");
    }
    if (!runtime) {
      DigestOfData ofData = TcgLogParser.ofData(type, logged, data);
      events.add(new Event(number, register, type, name, logged, data, ofData));
      return;
    }
    Bytes digest = runtimeDigest(type, name, data);
    if (!left && !logged.equals(digest)) {
      findings.add(new EventFinding(number, Kind.LOGGED_DIGEST_DIFFERS));
    }
    if (name.indexOf(':') >= 0) {
      findings.add(new EventFinding(number, Kind.AMBIGUOUS_NAME));
    }
    events.add(new Event(number, register, type, name, digest, data, DigestOfData.YES));
  }

  private static Bytes runtimeDigest(long type, String name, Bytes payload) {
    return EventLog.sha384(
        new ByteWriter()
            .u32le(type)
            .u8(':')
            .bytes(name.getBytes(StandardCharsets.UTF_8))
            .u8(':')
            .bytes(payload)
            .toBytes());
  }

  private static String name(JsonValue value) throws MalformedException {
    String name = value.asString();
    if (name.length() > EventLog.MAX_NAME_CHARACTERS) {
      throw value.mismatch(
          "at most " + EventLog.MAX_NAME_CHARACTERS + " characters", name.length() + " characters");
    }
    return name;
  }

  private static Bytes hex(JsonValue value, int maxSize) throws MalformedException {
    String digits = value.asString();
    if (digits.length() > 2 * maxSize) {
      throw value.mismatch("at most " + maxSize + " bytes", digits.length() + " characters");
    }
    try {
      return Bytes.parseHex(digits);
    } catch (MalformedException e) {
      throw value.mismatch("pairs of hexadecimal digits", "other text");
    }
  }
}
