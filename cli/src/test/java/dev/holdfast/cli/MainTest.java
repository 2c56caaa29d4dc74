package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.console.Exit;
import dev.holdfast.daemon.Daemon;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
  private final TestTerminal terminal = new TestTerminal();

  @TempDir Path folder;

  @Test
  void help_atEveryLevel_exitsZeroAndFitsAScreen() {
    for (String command :
        new String[] {
          "",
          "node",
          "status",
          "secret",
          "store",
          "quote",
          "quote verify",
          "quote inspect",
          "quote create",
          "forecast",
          "simulator",
          "demo"
        }) {
      assertEquals(Exit.OK, terminal.run((command + " --help").strip().split(" ", -1)));
      assertTrue(terminal.out().lines().count() <= 24, terminal.out());
      assertTrue(terminal.out().lines().allMatch(line -> line.length() <= 100), terminal.out());
      assertEquals("", terminal.err());
    }
  }

  @Test
  void help_listsNoHiddenCommand() {
    terminal.run("--help");
    assertFalse(terminal.out().contains("lying"), terminal.out());
  }

  @Test
  void version_isTheDaemons() {
    assertEquals(Exit.OK, terminal.run("--version"));
    assertEquals("holdfast " + Daemon.VERSION, terminal.out().strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "quote",
        "quote verify",
        "quote verify q.bin --polices p",
        "quote verify q.bin --at yesterday",
        "secret",
        "secret put",
        "secret get name",
        "status",
        "simulator",
        "simulator serve",
        "simulator collateral vendor --tee sev",
        "quote create --report-data 00",
        "demo --nodes 3",
        "demo --nodes 13",
        "demo --nodes many",
        "node --confg x",
      })
  void commandLine_wrong_exitsOneAndPrintsNothing(String line) throws Exception {
    Path quote = Files.write(folder.resolve("q.bin"), new byte[10]);
    String[] arguments = line.replace("q.bin", quote.toString()).split(" ", -1);
    assertEquals(Exit.USAGE, terminal.run(arguments), terminal.err());
    assertEquals("", terminal.out());
    assertTrue(terminal.err().startsWith("holdfast: "), terminal.err());
  }

  @Test
  void commandLine_empty_exitsOne() {
    assertEquals(Exit.USAGE, terminal.run());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quote verify /nowhere/q.bin",
        "quote inspect /nowhere/q.bin",
        "node --config /nowhere/node.toml",
        "status --socket /nowhere/node.sock",
        "secret list --socket /nowhere/node.sock",
        "simulator quote /nowhere",
        "simulator serve /nowhere",
        "quote create --configfs /nowhere",
      })
  void command_withNothingThere_exitsThree(String line) {
    assertEquals(Exit.OPERATIONAL, terminal.run(line.split(" ", -1)), terminal.err());
    assertEquals("", terminal.out());
  }

  @Test
  void node_withUnknownKey_exitsOneAndNamesTheNearest() throws Exception {
    Path config = Files.writeString(folder.resolve("node.toml"), "data-dri = \"x\"\n");
    assertEquals(Exit.USAGE, terminal.run("node", "--config", config.toString()));
    assertTrue(terminal.err().contains("\"data-dir\""), terminal.err());
  }

  @Test
  void secretGet_atTerminal_isRefused() {
    terminal.atTerminal();
    assertEquals(Exit.USAGE, terminal.run("secret", "get", "--socket", "/nowhere", "name"));
    assertTrue(terminal.err().contains("--force"), terminal.err());
  }

  @Test
  void secretGet_atTerminalForced_asksTheNode() {
    terminal.atTerminal();
    assertEquals(
        Exit.OPERATIONAL, terminal.run("secret", "get", "--force", "--socket", "/nowhere", "name"));
  }

  @Test
  void secretPut_onePastItsLimit_isRefused() {
    terminal.withInput(new byte[1024 * 1024 + 1]);
    assertEquals(Exit.USAGE, terminal.run("secret", "put", "--socket", "/nowhere", "name"));
    terminal.withInput(new byte[1024 * 1024]);
    assertEquals(Exit.OPERATIONAL, terminal.run("secret", "put", "--socket", "/nowhere", "name"));
  }

  @Test
  void faultyProvider_onHardware_isRefused() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("node.toml"),
            """
            data-dir = "data"
            collateral-file = "collateral.json"
            registry.folder = "members"
            """);
    assertEquals(
        Exit.USAGE,
        terminal.run(
            "demo-faulty-provider",
            "--victim",
            "x",
            "--fault",
            "lying",
            "--config",
            config.toString()));
    assertTrue(terminal.err().contains("simulated platform only"), terminal.err());
    assertFalse(Files.exists(folder.resolve("data")));
  }
}
