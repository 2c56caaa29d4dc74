package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.NodeRun;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    header = "Checks a node's configuration without starting the node.",
    footer = {
      "",
      "Exit: 0 a node can use it, 1 it cannot, 3 the file cannot be read.",
      "Example: holdfast config check --config node.toml"
    })
final class ConfigCommand implements Runnable {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  ConfigCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "check?");
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      header = "Reads it as a node does, and prints what would be in effect.")
  int check(
      @Option(names = "--config", paramLabel = "FILE", description = "The configuration, TOML.")
          @Nullable Path config,
      @Option(names = "--json", description = "Print it as JSON.") boolean json)
      throws IOException, CommandException {
    List<String> lines = NodeRun.configuration(terminal, Optional.ofNullable(config)).describe();
    if (json) {
      terminal.out().println(document(lines));
    } else {
      lines.forEach(terminal.out()::println);
    }
    return Exit.OK;
  }

  /// One member for each `key = value` line: numbers, true and false, and texts in quotes are
  /// written alike in TOML and in JSON.
  private static JsonWriter document(List<String> lines) {
    JsonWriter document = JsonWriter.object();
    for (String line : lines) {
      int end = line.indexOf(" = ");
      document.raw(line.substring(0, end), line.substring(end + " = ".length()));
    }
    return document;
  }
}
