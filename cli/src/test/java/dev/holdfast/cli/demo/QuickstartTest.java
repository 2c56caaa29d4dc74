package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.PageShell;
import dev.holdfast.daemon.local.LocalClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Does what docs/operating/quickstart.md tells people to do, in its own words.
@Tag("slow")
final class QuickstartTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/quickstart.md");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Process> nodes = new ArrayList<>();
  private Path folder = Path.of("");

  @AfterEach
  void stop() throws Exception {
    for (Process node : nodes) {
      node.destroyForcibly().waitFor();
    }
    Folders.delete(folder);
  }

  @Test
  void quickstart_asWritten_works() throws Exception {
    folder = Files.createTempDirectory("holdfast-quick-");
    String text = withFreePorts();
    PageShell page = new PageShell(folder);
    page.writeLauncher();
    List<String> shell = PageShell.blocks(text, "sh");
    List<String> toml = PageShell.blocks(text, "toml");
    assertEquals(List.of(5, 1), List.of(shell.size(), toml.size()));

    page.run(shell.get(0));
    Files.writeString(folder.resolve("try/a.toml"), toml.getFirst());
    page.run(shell.get(1));
    shell.get(2).lines().forEach(this::startNode);
    for (String name : List.of("a", "b", "c")) {
      await(name, "degraded");
    }
    String printed = page.run(shell.get(3));
    assertTrue(printed.contains("INSECURE"), printed);
    assertTrue(printed.contains("2-of-3"), printed);
    assertTrue(printed.endsWith("passphrase\n"), printed);
    assertTrue(printed.contains("records are as they were written"), printed);
    assertTrue(printed.contains("1 user, "), printed);

    nodes.getFirst().destroyForcibly().waitFor();
    List<String> again = shell.get(4).lines().toList();
    startNode(again.getFirst());
    await("a", "degraded");
    assertEquals("correct horse", page.run(again.get(1)));
  }

  private static String withFreePorts() throws IOException {
    String text = Files.readString(DOCUMENT);
    for (String port : List.of("7401", "7402", "7403")) {
      text = text.replace(port, Integer.toString(PageShell.freePort()));
    }
    return text;
  }

  private void startNode(String line) {
    try {
      nodes.add(
          new PageShell(folder)
              .bash("exec " + line)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("node-" + nodes.size() + ".log").toFile())
              .start());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void await(String name, String state) throws Exception {
    LocalClient client =
        new LocalClient(
            folder.resolve("try").resolve(name).resolve("local/node.sock"), Duration.ofSeconds(5));
    long end = System.nanoTime() + PATIENCE.toNanos();
    String last = "nothing";
    while (System.nanoTime() < end) {
      try (LocalClient.Answer answer = client.call("GET", "/v1/status")) {
        last = answer.status() == 200 ? NodeStatus.parse(answer.bytes()).state() : "starting";
        if (last.equals(state)) {
          return;
        }
      } catch (IOException e) {
        last = "no answer";
      }
      Thread.sleep(100);
    }
    throw new AssertionError(name + " is " + last + ", not " + state);
  }
}
