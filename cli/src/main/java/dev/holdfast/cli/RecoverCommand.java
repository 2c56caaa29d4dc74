package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    header = "Lets a node go on that refuses to, once those who may decide that have signed.",
    footer = {
      "",
      "Exit: 0 done, 2 refused, 3 no node answers.",
      "Example: holdfast recover rollback --config node.toml > acceptance.json"
    })
final class RecoverCommand implements Runnable {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  RecoverCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "rollback or accept?");
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      header = "Prints what the release keys have to sign so that a rolled-back store may go on.")
  int rollback(@Mixin NodeAddress address) throws IOException, CommandException {
    Bytes demanded = address.ask(terminal, "GET", "/v1/rollback");
    terminal.out().println(new String(demanded.toArray(), StandardCharsets.UTF_8));
    return Exit.OK;
  }

  @Command(
      name = "accept",
      mixinStandardHelpOptions = true,
      header = "Brings the signed acceptance: what was lost stays lost.")
  int accept(@Mixin NodeAddress address, @Parameters(paramLabel = "FILE") Path file)
      throws IOException, CommandException {
    address.ask(terminal, "POST", "/v1/rollback", Inputs.read(terminal, file));
    terminal.err().println("accepted; the node goes on");
    return Exit.OK;
  }
}
