package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.NodeRun;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.daemon.runtime.AnswerFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    header = "Runs a node until it is asked to stop.",
    footer = {"", "Every key of the file is also an environment variable, HOLDFAST_DATA_DIR …"})
final class NodeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--config", paramLabel = "FILE", description = "The configuration, TOML.")
  private @Nullable Path config;

  NodeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    return NodeRun.run(terminal, Optional.ofNullable(config), _ -> AnswerFilter.NONE);
  }
}
