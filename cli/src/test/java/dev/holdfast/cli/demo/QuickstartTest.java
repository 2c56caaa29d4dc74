package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.daemon.local.LocalClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    Matcher blocks =
        Pattern.compile("```(sh|toml)\n(.*?)```", Pattern.DOTALL).matcher(withFreePorts());
    writeLauncher();
    List<String> shell = new ArrayList<>();
    List<String> toml = new ArrayList<>();
    while (blocks.find()) {
      (blocks.group(1).equals("sh") ? shell : toml).add(blocks.group(2));
    }
    assertEquals(List.of(5, 1), List.of(shell.size(), toml.size()));

    run(shell.get(0));
    Files.writeString(folder.resolve("try/a.toml"), toml.getFirst());
    run(shell.get(1));
    shell.get(2).lines().forEach(this::startNode);
    for (String name : List.of("a", "b", "c")) {
      await(name, "degraded");
    }
    String printed = run(shell.get(3));
    assertTrue(printed.contains("INSECURE"), printed);
    assertTrue(printed.contains("2-of-3"), printed);
    assertTrue(printed.endsWith("passphrase\n"), printed);

    nodes.getFirst().destroyForcibly().waitFor();
    List<String> again = shell.get(4).lines().toList();
    startNode(again.getFirst());
    await("a", "degraded");
    assertEquals("correct horse", run(again.get(1)));
  }

  private static String withFreePorts() throws IOException {
    String text = Files.readString(DOCUMENT);
    for (String port : List.of("7401", "7402", "7403")) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        text = text.replace(port, Integer.toString(socket.getLocalPort()));
      }
    }
    return text;
  }

  /// Stands where the launcher stands, without building.
  private void writeLauncher() throws IOException {
    Path launcher =
        Files.writeString(
            folder.resolve("holdfast"),
            "#!/bin/bash\nexec %s/bin/java --enable-native-access=ALL-UNNAMED -cp '%s' %s \"$@\"\n"
                .formatted(
                    System.getProperty("java.home"),
                    System.getProperty("java.class.path"),
                    "dev.holdfast.cli.Main"));
    assertTrue(launcher.toFile().setExecutable(true));
  }

  private ProcessBuilder bash(String script) {
    return new ProcessBuilder("bash", "-euc", script).directory(folder.toFile());
  }

  private String run(String script) throws IOException, InterruptedException {
    Process process = bash(script).redirectError(folder.resolve("errors").toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    assertEquals(0, exit, script + out + Files.readString(folder.resolve("errors")));
    return out;
  }

  private void startNode(String line) {
    try {
      nodes.add(
          bash("exec " + line)
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
        last = NodeStatus.parse(answer.bytes()).state();
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
