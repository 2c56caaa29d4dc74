package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.Threshold;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    header = "Rehearses a recovery: would this node come back if it died now?",
    footer = {
      "",
      "Asks every provider for its share with a fresh quote, as after a restart, and checks what"
          + " comes. The store stays open; nothing is kept.",
      "",
      "Exit: 0 it would come back, 2 it would not, 3 no node answers.",
      "Example: holdfast drill --config node.toml"
    })
final class DrillCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private NodeAddress address = new NodeAddress();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  DrillCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException, MalformedException {
    terminal.err().println("asking the providers; this takes up to 15 s when one is silent");
    Bytes answer = address.ask(terminal, "POST", "/v1/drill");
    JsonObject report = Json.parse(answer).asObject();
    boolean succeeded = report.bool("succeeded");
    if (json) {
      terminal.print(answer);
    } else {
      print(report, succeeded);
    }
    return succeeded ? Exit.OK : Exit.REFUSED;
  }

  private void print(JsonObject report, boolean succeeded) throws MalformedException {
    terminal
        .out()
        .printf(
            "%s: %d shares came, %d are needed%n",
            succeeded ? "it would come back" : "it would NOT come back",
            report.integer("shares", 0, Threshold.MAX_N),
            report.integer("needed", 1, Threshold.MAX_N));
    for (JsonValue item : report.array("providers", Threshold.MAX_N).items()) {
      JsonObject provider = item.asObject();
      terminal.out().printf("  %s  %s%n", provider.string("name"), provider.string("progress"));
    }
  }
}
