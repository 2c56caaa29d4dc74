package dev.holdfast.cli;

import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    header = "Prints a script with which a shell completes commands.",
    footer = {"", "Example: source <(holdfast completion bash)"})
final class CompletionCommand implements Runnable {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "bash or zsh?");
  }

  @Command(name = "bash", mixinStandardHelpOptions = true, header = "The script for bash.")
  int bash() {
    return print();
  }

  @Command(name = "zsh", mixinStandardHelpOptions = true, header = "The script for zsh.")
  int zsh() {
    return print();
  }

  /// One script serves both: in zsh it loads bashcompinit first.
  private int print() {
    terminal.out().print(AutoComplete.bash("holdfast", spec.root().commandLine()));
    return Exit.OK;
  }
}
