package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    header = "Says what a change of policy would do.",
    footer = {"", "Example: holdfast policy what-if --config node.toml statement.json"})
final class PolicyCommand implements Runnable {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  PolicyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what-if?");
  }

  @Command(
      name = "what-if",
      mixinStandardHelpOptions = true,
      header = "Says which members a release statement, signed or not, would refuse.",
      footer = {
        "",
        "The node judges the members whose evidence it has verified. Nothing is changed.",
        "Exit: 0 all may run, 2 somebody would be refused, 3 no node answers."
      })
  int whatIf(
      @Mixin NodeAddress address,
      @Option(names = "--json", description = "Print JSON.") boolean json,
      @Parameters(paramLabel = "STATEMENT") Path file)
      throws IOException, CommandException {
    WhatIf found = WhatIf.ask(terminal, address, StatementFile.read(terminal, file));
    if (json) {
      terminal
          .out()
          .println(
              JsonWriter.object()
                  .put("refused", found.refused().size())
                  .putObjects(
                      "members", found.members().stream().map(PolicyCommand::json).toList()));
    } else {
      found.members().forEach(member -> terminal.out().println(member.line()));
      terminal
          .out()
          .printf(
              "%d of %d members may run%n",
              found.members().size() - found.refused().size(), found.members().size());
    }
    return found.refused().isEmpty() ? Exit.OK : Exit.REFUSED;
  }

  private static JsonWriter json(WhatIf.Member member) {
    return JsonWriter.object()
        .put("account", member.account())
        .put("name", member.name())
        .put("role", member.role())
        .put("imageVersion", member.imageVersion())
        .put("verdict", member.verdict());
  }
}
