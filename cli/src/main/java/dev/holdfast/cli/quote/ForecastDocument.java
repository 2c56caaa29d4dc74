package dev.holdfast.cli.quote;

import dev.holdfast.attestation.forecast.Forecast;
import dev.holdfast.attestation.tcb.Shortfall;
import dev.holdfast.codec.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// A forecast as `forecast` prints it, for the instant it was made for.
record ForecastDocument(Forecast forecast, Instant at) {
  String json() {
    return JsonWriter.object()
        .put("outlook", forecast.outlook().code())
        .put("now", side(forecast.now()))
        .put("ahead", side(forecast.ahead()))
        .putStrings("changes", forecast.changes())
        .putStrings("shortfall", forecast.shortfall().stream().map(Shortfall::toString).toList())
        .putObjects(
            "recoveries",
            forecast.recoveries().stream()
                .map(recovery ->
                    JsonWriter.object()
                        .put("evaluationNumber", recovery.number())
                        .put("eventDate", recovery.eventDate().toString())
                        .put("tcbDate", recovery.tcbDate().toString()))
                .toList())
        .putObjects(
            "calendar",
            forecast.calendar().stream()
                .map(due ->
                    JsonWriter.object()
                        .put("what", due.what())
                        .put("at", due.at().toString())
                        .put("days", days(due.at())))
                .toList())
        .toString();
  }

  private static JsonWriter side(Forecast.Side side) {
    JsonWriter json = VerdictDocument.verdict(side.verdict());
    return json.put("evaluationNumber", side.evaluationNumber());
  }

  String text() {
    StringBuilder out = new StringBuilder();
    out.append(forecast.outlook().code().toUpperCase(Locale.ROOT).replace('-', ' ')).append('\n');
    if (forecast.changes().isEmpty()) {
      out.append("  the early documents change nothing\n");
    }
    forecast.changes().forEach(change -> line(out, "change", change));
    forecast.shortfall().forEach(shortfall -> line(out, "short", shortfall.toString()));
    forecast
        .recoveries()
        .forEach(recovery ->
            line(
                out,
                "recovery",
                "%d disclosed %s, demands the TCB of %s"
                    .formatted(recovery.number(), recovery.eventDate(), recovery.tcbDate())));
    forecast
        .calendar()
        .forEach(due ->
            line(out, "ends", "%s %s, in %d days".formatted(due.what(), due.at(), days(due.at()))));
    return out.toString();
  }

  private long days(Instant until) {
    return Duration.between(at, until).toDays();
  }

  private static void line(StringBuilder out, String name, String text) {
    out.append("  %-10s%s%n".formatted(name, text));
  }
}
