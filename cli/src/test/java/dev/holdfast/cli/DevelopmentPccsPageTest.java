package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Does what docs/operating/development-pccs.md tells people to do, in its own words.
@Tag("slow")
final class DevelopmentPccsPageTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("holdfast.root", ".."), "docs/operating/development-pccs.md");

  private final List<Process> servers = new ArrayList<>();

  @TempDir Path folder;

  @AfterEach
  void stop() throws Exception {
    for (Process server : servers) {
      server.destroyForcibly().waitFor();
    }
  }

  @Test
  void page_asWritten_works() throws Exception {
    assumeTrue(run("command -v curl || true").contains("curl"), "SKIPPED: there is no curl");
    int port = freePort();
    String text = Files.readString(DOCUMENT).replace("8081", Integer.toString(port));
    writeLauncher();
    List<String> shell = blocks(text, "sh");
    assertEquals(6, shell.size());

    run(shell.get(0));
    assertEquals("http://127.0.0.1:" + port, serve(shell.get(1).strip(), port));
    String standard = run(shell.get(2));
    assertTrue(standard.contains("\"tcbEvaluationDataNumber\":18,\"tdxModule\""), standard);
    assertTrue(standard.contains("\"tcbEvalNumbers\":[{\"tcbEvaluationDataNumber\":19"), standard);
    assertTrue(standard.endsWith("-----END X509 CRL-----\n"), standard);
    String early = run(shell.get(3));
    assertTrue(early.contains("\"tcbEvaluationDataNumber\":19,\"tdxModule\""), early);
    String forecast = run(shell.get(4));
    assertTrue(forecast.startsWith("WILL BE REJECTED\n"), forecast);
    assertTrue(forecast.endsWith("act now\n"), forecast);
    run(shell.get(5));
    assertEquals(1052 + 404, Files.size(folder.resolve("bare.bin")));
    String said = Files.readString(folder.resolve("errors"));
    assertTrue(said.contains(blocks(text, "text").getFirst().strip()), said);
  }

  private static List<String> blocks(String text, String language) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
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
    Path errors = folder.resolve("run-errors");
    Process process = bash(script).redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), script + out + Files.readString(errors));
    return out;
  }

  /// Starts the server, on a free port in place of the one it takes by itself; its first line.
  private String serve(String line, int port) throws IOException {
    Process process =
        bash("exec " + line + " --listen 127.0.0.1:" + port)
            .redirectError(folder.resolve("errors").toFile())
            .start();
    servers.add(process);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    return String.valueOf(out.readLine());
  }
}
