package dev.holdfast.cli.quote;

import dev.holdfast.attestation.eventlog.Event;
import dev.holdfast.attestation.eventlog.EventFinding;
import dev.holdfast.attestation.eventlog.EventLog;
import dev.holdfast.attestation.eventlog.Register;
import dev.holdfast.attestation.eventlog.RegisterComparison;
import dev.holdfast.attestation.eventlog.RegisterComparison.Match;
import dev.holdfast.attestation.eventlog.RegisterComparison.Mismatch;
import dev.holdfast.codec.JsonWriter;
import java.util.List;
import java.util.OptionalInt;

/// An event log beside the RTMRs of a quote, for people and for programs.
final class EventLogDocument {
  private final EventLog log;
  private final List<RegisterComparison> comparisons;

  EventLogDocument(EventLog log, List<RegisterComparison> comparisons) {
    this.log = log;
    this.comparisons = comparisons;
  }

  /// True when every register matches and nothing is wrong with an event.
  boolean fits() {
    return log.findings().isEmpty() && comparisons.stream().allMatch(RegisterComparison::matches);
  }

  JsonWriter json() {
    return JsonWriter.object()
        .put("format", log.format().code())
        .put("usedBytes", log.usedBytes())
        .putStrings("digestAlgorithms", log.digestAlgorithms())
        .put("fits", fits())
        .putObjects("registers", comparisons.stream().map(EventLogDocument::json).toList())
        .putObjects("findings", log.findings().stream().map(EventLogDocument::json).toList())
        .putObjects("events", log.events().stream().map(EventLogDocument::json).toList());
  }

  private static JsonWriter json(RegisterComparison comparison) {
    JsonWriter out =
        JsonWriter.object()
            .put("register", comparison.register().code())
            .put("result", comparison.matches() ? "match" : "mismatch")
            .put("events", comparison.events());
    if (comparison instanceof Mismatch mismatch) {
      out.put("quote", mismatch.expected().toHex()).put("replayed", mismatch.replayed().toHex());
      OptionalInt matching = mismatch.matchingEvents();
      if (matching.isPresent()) {
        out.put("matchingEvents", matching.getAsInt());
      } else {
        out.putNull("matchingEvents");
      }
    }
    return out;
  }

  private static JsonWriter json(EventFinding finding) {
    return JsonWriter.object().put("event", finding.event()).put("finding", finding.kind().code());
  }

  private static JsonWriter json(Event event) {
    return JsonWriter.object()
        .put("number", event.number())
        .put("register", event.register().code())
        .put("measured", event.measured())
        .put("type", event.type())
        .put("typeName", event.typeName())
        .put("digest", event.digest().toHex())
        .put("digestOfData", event.digestOfData().code())
        .put("dataBytes", event.data().size())
        .put("description", event.description());
  }

  String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        "%neventLog            %s, %s, %d bytes%n"
            .formatted(log.format().code(), counted(log.events().size()), log.usedBytes()));
    for (Register register : Register.values()) {
      append(out, register);
    }
    for (EventFinding finding : log.findings()) {
      out.append(
          "finding             %s: event %d%n".formatted(finding.kind().code(), finding.event()));
    }
    return out.toString();
  }

  /// A register's events under a line of its own; nothing for MRTD, as a rule.
  private void append(StringBuilder out, Register register) {
    List<Event> events =
        log.events().stream().filter(event -> event.register() == register).toList();
    comparisons.stream()
        .filter(comparison -> comparison.register() == register)
        .forEach(comparison -> out.append("%n%s%n".formatted(line(comparison))));
    if (register == Register.MRTD && !events.isEmpty()) {
      out.append("%nmrtd                not compared: no event extends it%n".formatted());
    }
    for (Event event : events) {
      out.append(
          "%6d  %-32s  %-14s  %s%n"
              .formatted(
                  event.number(),
                  event.typeName(),
                  event.measured() ? event.digestOfData().code() : "not-measured",
                  event.description()));
    }
  }

  private static String line(RegisterComparison comparison) {
    String name = "%-20s".formatted(comparison.register().code());
    return switch (comparison) {
      case Match match -> name + "match, " + counted(match.events());
      case Mismatch mismatch ->
          "%smismatch, %s%n  quote             %s%n  log               %s%s"
              .formatted(
                  name,
                  counted(mismatch.events()),
                  mismatch.expected().toHex(),
                  mismatch.replayed().toHex(),
                  prefix(mismatch));
    };
  }

  private static String prefix(Mismatch mismatch) {
    if (mismatch.matchingEvents().isEmpty()) {
      return "";
    }
    int matching = mismatch.matchingEvents().getAsInt();
    return "%n  The log has %s more than were measured when the quote was made."
        .formatted(counted(mismatch.events() - matching));
  }

  private static String counted(int events) {
    return events == 1 ? "1 event" : events + " events";
  }
}
