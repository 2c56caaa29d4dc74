package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    int port = PageShell.freePort();
    String text = Files.readString(DOCUMENT).replace("8081", Integer.toString(port));
    PageShell page = new PageShell(folder);
    assumeTrue(page.run("command -v curl || true").contains("curl"), "SKIPPED: there is no curl");
    page.writeLauncher();
    List<String> shell = PageShell.blocks(text, "sh");
    assertEquals(6, shell.size());

    page.run(shell.get(0));
    assertEquals("http://127.0.0.1:" + port, serve(shell.get(1).strip(), port));
    String standard = page.run(shell.get(2));
    assertTrue(standard.contains("\"tcbEvaluationDataNumber\":18,\"tdxModule\""), standard);
    assertTrue(standard.contains("\"tcbEvalNumbers\":[{\"tcbEvaluationDataNumber\":19"), standard);
    assertTrue(standard.endsWith("-----END X509 CRL-----\n"), standard);
    String early = page.run(shell.get(3));
    assertTrue(early.contains("\"tcbEvaluationDataNumber\":19,\"tdxModule\""), early);
    String forecast = page.run(shell.get(4));
    assertTrue(forecast.startsWith("WILL BE REJECTED\n"), forecast);
    assertTrue(forecast.endsWith("act now\n"), forecast);
    page.run(shell.get(5));
    assertEquals(1052 + 404, Files.size(folder.resolve("bare.bin")));
    String said = Files.readString(folder.resolve("errors"));
    assertTrue(said.contains(PageShell.blocks(text, "text").getFirst().strip()), said);
  }

  /// Starts the server, on a free port in place of the one it takes by itself; its first line.
  private String serve(String line, int port) throws IOException {
    Process process =
        new PageShell(folder)
            .bash("exec " + line + " --listen 127.0.0.1:" + port)
            .redirectError(folder.resolve("errors").toFile())
            .start();
    servers.add(process);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    return String.valueOf(out.readLine());
  }
}
