package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    header = "Says where a node stands, what is missing, and the next step.",
    footer = {
      "",
      "Exit: 0 the store is open, 2 it is locked, 3 no node answers.",
      "Example: holdfast status --config node.toml --json"
    })
final class StatusCommand implements Callable<Integer> {
  private static final int MAX_PROVIDERS = 64;

  private final Terminal terminal;

  @Mixin private NodeAddress address = new NodeAddress();

  @Option(names = "--json", description = "Print the status as JSON.")
  private boolean json;

  StatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException, MalformedException {
    Bytes answer = address.ask(terminal, "GET", "/v1/status");
    JsonObject status = Json.parse(answer).asObject();
    if (json) {
      terminal.print(answer);
    } else {
      print(status);
    }
    return status.bool("storeOpen") ? Exit.OK : Exit.REFUSED;
  }

  private void print(JsonObject status) throws MalformedException {
    terminal.out().printf("%s  %s%n", status.string("name"), status.string("state"));
    terminal.out().println("  " + status.string("sentence"));
    if (status.bool("insecureSimulatedPlatform")) {
      terminal.out().println("  INSECURE: the platform is simulated; this node protects nothing");
    }
    terminal
        .out()
        .printf(
            "  store %s, user writes %s, %d-of-%d, generation %d, instance %d, %d members%n",
            status.bool("storeOpen") ? "open" : "locked",
            status.bool("acceptsUserWrites") ? "accepted" : "refused",
            status.integer("k", 0, Long.MAX_VALUE),
            status.integer("n", 0, Long.MAX_VALUE),
            status.integer("generation", 0, Long.MAX_VALUE),
            status.integer("instance", 0, Long.MAX_VALUE),
            status.integer("members", 0, Long.MAX_VALUE));
    for (JsonValue item : status.array("providers", MAX_PROVIDERS).items()) {
      print(item.asObject(), "  provider ");
    }
  }

  private void print(JsonObject provider, String lead) throws MalformedException {
    JsonValue setback = provider.member("setback");
    String why = "";
    if (setback instanceof JsonObject object) {
      String detail = object.string("detail");
      why = "  " + object.string("code") + (detail.isEmpty() ? "" : ": " + detail);
    }
    terminal
        .out()
        .printf(
            "%s%s  %s  %s%s%n",
            lead,
            provider.string("name"),
            provider.string("endpoint"),
            provider.string("progress"),
            why);
  }
}
