package dev.holdfast.cli.console;

import dev.holdfast.daemon.Daemon;
import dev.holdfast.daemon.config.ConfigurationException;
import dev.holdfast.daemon.config.ConfigurationReader;
import dev.holdfast.daemon.config.NodeConfiguration;
import dev.holdfast.daemon.log.NodeLog;
import dev.holdfast.daemon.runtime.AnswerFilter;
import dev.holdfast.daemon.runtime.MonotonicTime;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Runs a node in this process.
public final class NodeRun {
  private NodeRun() {}

  /// What a node does to its answers; depends on its configuration.
  public interface FilterChoice {
    AnswerFilter choose(NodeConfiguration configuration) throws CommandException;
  }

  /// Runs a node with the answers that `choice` gives it; returns its exit code when it has
  /// stopped.
  public static int run(Terminal terminal, Optional<Path> config, FilterChoice choice)
      throws IOException, CommandException {
    NodeConfiguration configuration = configuration(terminal, config);
    NodeLog log = new NodeLog(terminal.err(), configuration.logFormat(), new MonotonicTime());
    return switch (Daemon.run(configuration, choice.choose(configuration), log)) {
      case STOPPED -> Exit.OK;
      case BUG -> Exit.BUG;
    };
  }

  /// The configuration from a file and the environment.
  public static NodeConfiguration configuration(Terminal terminal, Optional<Path> config)
      throws IOException, CommandException {
    try {
      return ConfigurationReader.read(config, terminal.environment());
    } catch (ConfigurationException e) {
      throw CommandException.usage("configuration: " + e.getMessage());
    } catch (NoSuchFileException e) {
      throw CommandException.operational(config.orElseThrow() + ": no such file");
    }
  }
}
