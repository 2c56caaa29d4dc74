package dev.holdfast.daemon.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.daemon.config.NodeConfiguration.LogFormat;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.NodeState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NodeLogTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private NodeLog log(LogFormat format) {
    return new NodeLog(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        format,
        () -> Instant.parse("2026-05-01T12:00:00.123456Z"));
  }

  private String line() {
    return out.toString(StandardCharsets.UTF_8).strip();
  }

  @AfterEach
  void undoLibraryLogs() {
    LibraryLog.silence();
  }

  @Test
  void text_withWords_isQuoted() {
    log(LogFormat.TEXT)
        .event(new Event.StateChanged(NodeState.STARTING, NodeState.CONNECTED, "open; \"go\" on"));
    assertEquals(
        "2026-05-01T12:00:00.123Z INFO state from=starting to=connected"
            + " sentence=\"open; \\\"go\\\" on\"",
        line());
  }

  @Test
  void json_ofEvent_isOneObjectWithItsFields() throws Exception {
    log(LogFormat.JSON).event(new Event.Unlocked(2, 415));
    JsonObject json = Json.parse(line().getBytes(StandardCharsets.UTF_8)).asObject();
    assertEquals("unlocked", json.string("event"));
    assertEquals("INFO", json.string("level"));
    assertEquals("415", json.string("millis"));
  }

  @Test
  void text_ofLineBreak_staysOneLine() {
    log(LogFormat.TEXT).effectFailed("x", "one\ntwo\r\u001b[31m");
    assertEquals(1, line().lines().count());
    assertFalse(line().contains("\u001b"), line());
  }

  @Test
  void simulatedPlatform_isAWarning() {
    log(LogFormat.TEXT).insecureSimulatedPlatform();
    assertTrue(line().contains("WARN insecure-simulated-platform"), line());
  }

  @Test
  void bug_ofALibrary_isLoggedWithoutItsWords() {
    log(LogFormat.TEXT).bug(new IllegalStateException("a peer's bytes"));
    assertTrue(line().contains("java.lang.IllegalStateException"), line());
    assertFalse(line().contains("peer's bytes"), line());
  }

  @Test
  void library_warning_isMentionedWithoutItsWords() {
    LibraryLog.sendTo(log(LogFormat.TEXT));
    Logger library = Logger.getLogger("some.library");
    library.log(Level.WARNING, "a peer's bytes");
    library.log(Level.INFO, "chatter");
    assertEquals(
        List.of("2026-05-01T12:00:00.123Z WARN library logger=some.library level=WARNING"),
        line().lines().toList());
  }
}
