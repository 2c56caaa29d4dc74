package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.console.Exit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompletionCommandTest {
  private final TestTerminal terminal = new TestTerminal();

  @TempDir Path folder;

  @Test
  void script_sourcedByBash_completesCommands() throws Exception {
    assertEquals(Exit.OK, terminal.run("completion", "bash"), terminal.err());
    Path script = Files.writeString(folder.resolve("completion"), terminal.out());
    String asked =
        """
        source "$1"
        COMP_WORDS=(holdfast st)
        COMP_CWORD=1
        $(complete -p holdfast | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    Process bash =
        new ProcessBuilder("bash", "--norc", "-c", asked, "bash", script.toString())
            .redirectErrorStream(true)
            .start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), answer);
    assertEquals(List.of("status", "store"), answer.lines().sorted().toList());
  }

  @Test
  void script_forZsh_loadsBashCompletion() {
    assertEquals(Exit.OK, terminal.run("completion", "zsh"), terminal.err());
    assertTrue(terminal.out().contains("bashcompinit"), terminal.out());
  }

  @Test
  void completion_forNoShell_exitsOne() {
    assertEquals(Exit.USAGE, terminal.run("completion"));
    assertEquals(Exit.USAGE, terminal.run("completion", "fish"));
    assertEquals("", terminal.out());
  }
}
