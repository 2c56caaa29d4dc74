package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    header = "Says what a node's sealed store holds, and checks it.",
    footer = {
      "",
      "Exit: 0 done, 2 the store is locked, 3 no node answers or the store is damaged.",
      "Example: holdfast store check --config node.toml"
    })
final class StoreCommand implements Runnable {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  StoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "stats or check?");
  }

  @Command(
      name = "stats",
      mixinStandardHelpOptions = true,
      header = "Says how much a store holds, at which versions.")
  int stats(
      @Mixin NodeAddress address,
      @Option(names = "--json", description = "Print it as JSON.") boolean json)
      throws IOException, CommandException, MalformedException {
    JsonObject found = ask(address, "GET", "/v1/store", json);
    if (!json) {
      JsonObject records = found.member("records").asObject();
      terminal
          .out()
          .printf(
              "version %d, ledger version %d%n%d user, %d node and %d ledger records%n%d bytes on"
                  + " disk, %d data keys%n",
              number(found, "version"),
              number(found, "ledgerVersion"),
              number(records, "user"),
              number(records, "node"),
              number(records, "ledger"),
              number(found, "diskBytes"),
              number(found, "dataKeys"));
    }
    return Exit.OK;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      header = "Reads and opens everything again, while the node goes on.")
  int check(
      @Mixin NodeAddress address,
      @Option(names = "--json", description = "Print it as JSON.") boolean json)
      throws IOException, CommandException, MalformedException {
    JsonObject found = ask(address, "POST", "/v1/store/check", json);
    if (!json) {
      terminal
          .out()
          .printf("good: %d records are as they were written%n", number(found, "checkedRecords"));
    }
    return Exit.OK;
  }

  private JsonObject ask(NodeAddress address, String method, String path, boolean json)
      throws IOException, CommandException, MalformedException {
    Bytes answer = address.ask(terminal, method, path);
    if (json) {
      terminal.out().println(new String(answer.toArray(), StandardCharsets.UTF_8));
    }
    return Json.parse(answer).asObject();
  }

  private static long number(JsonObject object, String name) throws MalformedException {
    return object.integer(name, 0, Long.MAX_VALUE);
  }
}
