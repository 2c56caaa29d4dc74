package dev.holdfast.cli.console;

import dev.holdfast.codec.Bytes;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// What a command sees of the world: streams, environment, time. Tests give their own.
///
/// @param interactive whether a person sees `out` at once
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean interactive,
    Map<String, String> environment,
    InstantSource time) {

  /// The process's own.
  public static Terminal ofProcess() {
    return new Terminal(
        System.in,
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        outIsTerminal(),
        Map.copyOf(System.getenv()),
        Instant::now);
  }

  /// Prints a document that is UTF-8 already, and ends the line.
  public void print(Bytes document) {
    out.println(new String(document.toArray(), StandardCharsets.UTF_8));
  }

  /// `System.console` looks at the input as well, and an input that is no terminal must not make a
  /// terminal at the output look like a pipe.
  private static boolean outIsTerminal() {
    if (Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)) {
      return true;
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
