package dev.holdfast.cli;

import dev.holdfast.cli.console.Terminal;
import dev.holdfast.cli.quote.QuoteCreateCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/// Runs commands in this process and keeps what they print.
public final class TestTerminal {
  public static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] in = new byte[0];
  private boolean interactive;

  public TestTerminal() {}

  TestTerminal withInput(byte[] input) {
    in = input.clone();
    return this;
  }

  TestTerminal atTerminal() {
    interactive = true;
    return this;
  }

  /// Runs a command and gives its exit code.
  public int run(String... arguments) {
    return run(() -> NOW, arguments);
  }

  /// As the other, at the present time.
  public int runNow(String... arguments) {
    return run(Instant::now, arguments);
  }

  /// As [#run], with quotes from `machine`.
  int runOn(QuoteCreateCommand.Machine machine, String... arguments) {
    return Main.run(terminal(() -> NOW), machine, arguments);
  }

  private int run(InstantSource time, String... arguments) {
    return Main.run(terminal(time), arguments);
  }

  private Terminal terminal(InstantSource time) {
    out.reset();
    err.reset();
    return new Terminal(
        new ByteArrayInputStream(in),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        interactive,
        Map.of(),
        time);
  }

  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  byte[] outBytes() {
    return out.toByteArray();
  }

  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
