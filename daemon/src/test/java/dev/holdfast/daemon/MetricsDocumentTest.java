package dev.holdfast.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Counters;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.NodeState;
import dev.holdfast.protocol.Threshold;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// docs/operating/metrics.md lists just what a node serves.
final class MetricsDocumentTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/metrics.md");

  private static NodeSnapshot snapshot() {
    return new NodeSnapshot(
        NodeState.READY,
        Instant.EPOCH,
        "fine",
        Optional.empty(),
        new NodeSnapshot.Self(Optional.empty(), Optional.empty(), 1, 7, Bytes.zero(32), true),
        Threshold.DEFAULT,
        true,
        new NodeSnapshot.Users(true, true),
        12,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        4,
        new NodeSnapshot.Held(2, false),
        Counters.ZERO);
  }

  @Test
  void table_rows_areAllMetricsAsServed() throws Exception {
    List<String> rows =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.startsWith("| `holdfast_"))
            .toList();
    List<String> lines = Metrics.text(snapshot()).lines().toList();
    List<String> expected =
        lines.stream()
            .filter(line -> line.startsWith("# HELP "))
            .map(help -> row(help, lines.get(lines.indexOf(help) + 1)))
            .toList();
    assertEquals(expected, rows);
  }

  private static String row(String help, String type) {
    String[] words = help.split(" ", 4);
    return "| `%s` | %s | %s |".formatted(words[2], type.split(" ", 4)[3], words[3]);
  }

  @Test
  void text_ofSnapshot_hasItsFigures() {
    List<String> lines = Metrics.text(snapshot()).lines().toList();
    assertEquals(
        List.of("holdfast_instance 7", "holdfast_state{state=\"ready\"} 1"),
        lines.stream()
            .filter(l ->
                l.startsWith("holdfast_instance") || l.equals("holdfast_state{state=\"ready\"} 1"))
            .sorted()
            .toList());
  }
}
