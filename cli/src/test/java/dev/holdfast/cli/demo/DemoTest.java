package dev.holdfast.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.TestTerminal;
import dev.holdfast.cli.console.Exit;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class DemoTest {
  @Test
  void demo_ofFourNodes_holdsEverything() {
    TestTerminal terminal = new TestTerminal();
    Path vectors = Path.of(System.getProperty("holdfast.root", ".."), "../shared/vectors/dcap");
    int exit = terminal.runNow("demo", "--vectors", vectors.toString());
    assertEquals(Exit.OK, exit, () -> terminal.out() + terminal.err());
    assertTrue(terminal.out().contains("Everything held"), terminal.out());
    assertEquals("", terminal.err());
  }
}
