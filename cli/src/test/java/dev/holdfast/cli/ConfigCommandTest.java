package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.console.Exit;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigCommandTest {
  private static final String GOOD =
      """
      data-dir = "data"
      collateral-file = "collateral.json"
      registry.kind = "etcd"
      registry.endpoints = "127.0.0.1:2379"
      registry.ca-file = "ca.pem"
      registry.user = "holdfast"
      registry.password-file = "password"
      """;

  private final TestTerminal terminal = new TestTerminal();

  @TempDir Path folder;

  @Test
  void check_ofGoodFile_printsWhatIsInEffectAndStartsNothing() throws Exception {
    assertEquals(Exit.OK, check(GOOD), terminal.err());
    assertTrue(terminal.out().contains("data-dir = \"" + folder.resolve("data") + "\"\n"));
    assertTrue(terminal.out().contains("k = 2\n"), terminal.out());
    assertFalse(Files.exists(folder.resolve("data")));
  }

  @Test
  void check_withPasswordFile_showsItsPathOnly() throws Exception {
    Files.writeString(folder.resolve("password"), "hunter2-of-etcd\n");
    for (String[] form : new String[][] {{}, {"--json"}}) {
      assertEquals(Exit.OK, check(GOOD, form), terminal.err());
      assertTrue(terminal.out().contains(folder.resolve("password").toString()), terminal.out());
      assertFalse(terminal.out().contains("hunter2"), terminal.out());
    }
  }

  @Test
  void check_asJson_hasNumbersAndTexts() throws Exception {
    assertEquals(Exit.OK, check(GOOD, "--json"), terminal.err());
    Bytes printed = Bytes.copyOf(terminal.out().strip().getBytes(StandardCharsets.UTF_8));
    JsonObject document = Json.parse(printed).asObject();
    assertEquals(3, document.integer("n", 0, 16));
    assertEquals("configfs-tsm", document.string("evidence"));
    assertFalse(document.bool("insecure-simulated-platform"));
  }

  /// Quotes and backslashes stay what they are: what is printed can be read again.
  @Test
  void check_ofPathWithQuotes_escapesIt() throws Exception {
    String text = GOOD.replace("\"ca.pem\"", "'a\"b\\c'");
    assertEquals(Exit.OK, check(text), terminal.err());
    String line = "registry.ca-file = \"" + folder + "/a\\\"b\\\\c\"\n";
    assertTrue(terminal.out().contains(line), terminal.out());
    assertEquals(Exit.OK, check(text, "--json"), terminal.err());
    Bytes printed = Bytes.copyOf(terminal.out().strip().getBytes(StandardCharsets.UTF_8));
    String found = Json.parse(printed).asObject().string("registry.ca-file");
    assertEquals(folder.resolve("a\"b\\c").toString(), found);
  }

  @Test
  void check_ofValueOutsideItsRange_exitsOneAndNamesKeyRangeAndValue() throws Exception {
    assertEquals(Exit.USAGE, check(GOOD + "k = 17\n"));
    assertEquals("", terminal.out());
    assertEquals("holdfast: configuration: k: expected 1..16, found 17", terminal.err().strip());
  }

  @Test
  void check_ofMissingFile_exitsThree() {
    Path missing = folder.resolve("none.toml");
    assertEquals(Exit.OPERATIONAL, terminal.run("config", "check", "--config", missing.toString()));
    assertTrue(terminal.err().contains("no such file"), terminal.err());
  }

  @Test
  void config_withoutSubcommand_exitsOne() {
    assertEquals(Exit.USAGE, terminal.run("config"));
    assertTrue(terminal.err().contains("check?"), terminal.err());
  }

  private int check(String text, String... more) throws Exception {
    Path file = Files.writeString(folder.resolve("node.toml"), text);
    List<String> arguments = new ArrayList<>(List.of("config", "check", "--config"));
    arguments.add(file.toString());
    arguments.addAll(List.of(more));
    return terminal.run(arguments.toArray(String[]::new));
  }
}
