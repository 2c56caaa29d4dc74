package dev.holdfast.daemon;

import dev.holdfast.codec.JsonWriter;
import dev.holdfast.daemon.config.NodeConfiguration.LogFormat;
import java.io.PrintStream;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything that a node logs, one method per event: the only place that words and formats it.
///
/// ERROR: a bug, or an operator must act now. WARN: unusual. INFO: states, start and stop. Nothing
/// that succeeds as usual is logged. Exceptions of libraries appear by class, not by message, since
/// they may have seen a peer's bytes. Thread-safe: a line is one write.
public final class NodeLog {
  private enum Level {
    ERROR,
    WARN,
    INFO
  }

  private final PrintStream out;
  private final LogFormat format;
  private final InstantSource time;

  public NodeLog(PrintStream out, LogFormat format, InstantSource time) {
    this.out = out;
    this.format = format;
    this.time = time;
  }

  public void starting(String version, List<String> configuration) {
    event(Level.INFO, "starting", Map.of("version", version));
    for (String line : configuration) {
      event(Level.INFO, "configuration", Map.of("setting", line));
    }
  }

  /// The platform is simulated: said at every start.
  public void insecureSimulatedPlatform() {
    event(
        Level.WARN,
        "insecure-simulated-platform",
        Map.of("meaning", "quotes are simulated: this node protects nothing, for trials only"));
  }

  public void listening(String address, String localSocket) {
    event(Level.INFO, "listening", fields("address", address, "localSocket", localSocket));
  }

  public void stateChanged(String state, String sentence) {
    event(Level.INFO, "state", fields("state", state, "sentence", sentence));
  }

  public void effectFailed(String effect, String problem) {
    event(Level.WARN, "effect-failed", fields("effect", effect, "problem", problem));
  }

  public void overloaded(String input) {
    event(Level.WARN, "overloaded", fields("dropped", input));
  }

  public void bug(Throwable bug) {
    StackTraceElement[] trace = bug.getStackTrace();
    String where = trace.length == 0 ? "unknown" : trace[0].toString();
    event(Level.ERROR, "bug", fields("class", bug.getClass().getName(), "at", where));
  }

  public void stopping(String reason) {
    event(Level.INFO, "stopping", Map.of("reason", reason));
  }

  public void stopped() {
    event(Level.INFO, "stopped", Map.of());
  }

  /// Something that a library logged: where and how serious, not what.
  public void library(String logger, String level) {
    event(Level.WARN, "library", fields("logger", logger, "level", level));
  }

  private static Map<String, String> fields(String... namesAndValues) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  private void event(Level level, String event, Map<String, String> fields) {
    String at = time.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    String line =
        switch (format) {
          case JSON -> json(at, level, event, fields);
          case TEXT -> text(at, level, event, fields);
        };
    out.println(line);
  }

  private static String json(String at, Level level, String event, Map<String, String> fields) {
    JsonWriter json =
        JsonWriter.object().put("at", at).put("level", level.name()).put("event", event);
    fields.forEach(json::put);
    return json.toString();
  }

  private static String text(String at, Level level, String event, Map<String, String> fields) {
    StringBuilder line = new StringBuilder(at).append(' ').append(level).append(' ').append(event);
    fields.forEach(
        (name, value) -> line.append(' ').append(name).append('=').append(plainOrQuoted(value)));
    return line.toString();
  }

  private static String plainOrQuoted(String value) {
    return value.matches("[0-9A-Za-z._:/@+-]+") ? value : JsonWriter.quote(value);
  }
}
