package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The developers' script: it parses, and lists every command that it knows.
final class DevScriptTest {
  private static final Path SCRIPT = Path.of(System.getProperty("holdfast.root", ".."), "dev");
  private static final Pattern COMMAND =
      Pattern.compile("^  \"([a-z]+(?: [a-z]+)?) ?\"\\*?\\)", Pattern.MULTILINE);

  private record Run(int exit, String out) {
    static Run of(List<String> command) throws IOException, InterruptedException {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Run(process.waitFor(), out);
    }
  }

  @Test
  void script_help_namesEveryCommand() throws Exception {
    Run help = Run.of(List.of("bash", SCRIPT.toString(), "help"));
    assertEquals(0, help.exit(), help.out());
    Matcher commands = COMMAND.matcher(Files.readString(SCRIPT));
    int found = 0;
    while (commands.find()) {
      String command = commands.group(1);
      assertTrue(help.out().contains("\n  " + command), command);
      found++;
    }
    assertTrue(found >= 6, "commands in the script: " + found);
  }

  @Test
  void script_withOneBraceLess_doesNotParse(@TempDir Path folder) throws Exception {
    String text = Files.readString(SCRIPT);
    int brace = text.lastIndexOf("\n}\n");
    Path broken =
        Files.writeString(
            folder.resolve("dev"), text.substring(0, brace) + text.substring(brace + 2));
    assertEquals(0, Run.of(List.of("bash", "-n", SCRIPT.toString())).exit());
    assertNotEquals(0, Run.of(List.of("bash", "-n", broken.toString())).exit());
  }
}
