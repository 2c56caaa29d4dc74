package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.console.Exit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the command refuses before it touches anything.
final class EntropyCommandTest {
  private static final String CHAIN = "ws://127.0.0.1:9944";
  private static final String GENESIS = "00".repeat(32);
  private static final String MOCK = "--insecure-mock-quotes";

  private final TestTerminal terminal = new TestTerminal();

  @TempDir Path folder;

  @Test
  void quotes_noneOrBothKinds_areRefused() {
    assertUsage("exactly one", CHAIN, GENESIS);
    assertUsage("exactly one", CHAIN, GENESIS, MOCK, "--pccs", "https://example.org");
    assertUsage("--pccs", CHAIN, GENESIS, "--pccs", "nonsense");
  }

  @Test
  void chain_pathUserSchemeOrTheSameTwice_isRefused() {
    for (String wrong :
        List.of(CHAIN + "/x", "ws://me@127.0.0.1:9944", "http://127.0.0.1:9944", "127.0.0.1")) {
      assertUsage("endpoint", wrong, GENESIS, MOCK);
    }
    assertUsage("distinct", CHAIN, GENESIS, MOCK, "--chain", CHAIN);
  }

  @Test
  void genesis_noHash_isRefused() {
    assertUsage("32 bytes", CHAIN, "00", MOCK);
    assertUsage("hex", CHAIN, "0x0g", MOCK);
  }

  @Test
  void developmentAccount_unknown_isRefused() {
    assertUsage("alice, bob", CHAIN, GENESIS, MOCK, "--development-account", "mallory");
  }

  private void assertUsage(String why, String chain, String genesis, String... more) {
    Path data = folder.resolve("data");
    List<String> arguments =
        new ArrayList<>(List.of("insecure-entropy", "--data-dir", data.toString()));
    arguments.addAll(List.of("--chain", chain, "--genesis", genesis));
    arguments.addAll(List.of(more));
    assertEquals(Exit.USAGE, terminal.run(arguments.toArray(String[]::new)), terminal.err());
    assertTrue(terminal.err().contains(why), terminal.err());
    assertFalse(Files.exists(data));
  }
}
