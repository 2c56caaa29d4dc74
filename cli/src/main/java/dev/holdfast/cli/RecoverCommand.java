package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.posture.KeyQuorum;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    header = "Unlocks a node with custodians, or accepts an older store.",
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
    throw new ParameterException(spec.commandLine(), "custodian, rollback or accept?");
  }

  @Command(
      name = "custodian",
      mixinStandardHelpOptions = true,
      header = "Prints a locked node's request to its custodians, or brings their approvals.",
      footer = {
        "",
        "A request is good as long as the node runs; approvals may be brought one by one.",
        "Example: holdfast recover custodian --config node.toml > request.json",
        "         holdfast recover custodian --config node.toml approval-1.json approval-2.json"
      })
  int custodian(
      @Mixin NodeAddress address,
      @Parameters(paramLabel = "APPROVAL", arity = "0..*") @Nullable List<Path> approvals)
      throws IOException, CommandException, MalformedException {
    if (approvals == null || approvals.isEmpty()) {
      Bytes request = address.ask(terminal, "POST", "/v1/custody/request");
      terminal.print(request);
      return Exit.OK;
    }
    for (Path file : approvals) {
      Bytes answer =
          address.ask(terminal, "POST", "/v1/custody/approve", Inputs.read(terminal, file));
      JsonObject progress = Json.parse(answer).asObject();
      long accepted = progress.integer("accepted", 0, KeyQuorum.MAX_KEYS);
      long threshold = progress.integer("threshold", 1, KeyQuorum.MAX_KEYS);
      terminal.out().printf("%d of %d approvals accepted%n", accepted, threshold);
      if (accepted >= threshold) {
        terminal.err().println("enough: the node opens its store; see holdfast status");
        return Exit.OK;
      }
    }
    return Exit.OK;
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      header = "Prints what the release keys have to sign so that a rolled-back store may go on.")
  int rollback(@Mixin NodeAddress address) throws IOException, CommandException {
    Bytes demanded = address.ask(terminal, "GET", "/v1/rollback");
    terminal.print(demanded);
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
