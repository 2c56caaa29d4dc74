package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "leave",
    mixinStandardHelpOptions = true,
    header = "Has others take their shares elsewhere, before a stop for good.",
    footer = {
      "",
      "The node goes on serving meanwhile and takes no new shares. Each account that has one here"
          + " draws a new root key and shares it without this node; that needs another member. A"
          + " restart calls it off.",
      "",
      "Exit: 0 nobody has a share here any more, 2 not in time, 3 no node answers.",
      "Example: holdfast leave --config node.toml"
    })
final class LeaveCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long MAX_ACCOUNTS = (1L << 53) - 1;

  private final Terminal terminal;

  @Mixin private NodeAddress address = new NodeAddress();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "900",
      description = "How long to wait; the node goes on leaving afterwards. Default: 900.")
  private int seconds;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  LeaveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call()
      throws IOException, CommandException, MalformedException, InterruptedException {
    address.ask(terminal, "POST", "/v1/leave");
    long deadline = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    long told = -1;
    while (true) {
      JsonObject status = address.status(terminal);
      long accounts = status.integer("heldAccounts", 0, MAX_ACCOUNTS);
      boolean left = accounts == 0 && status.bool("leaving") && status.bool("storeOpen");
      if (left || System.nanoTime() >= deadline) {
        print(status, left, accounts);
        return left ? Exit.OK : Exit.REFUSED;
      }
      if (accounts != told) {
        terminal
            .err()
            .println("leaving: %d account(s) still have a share here".formatted(accounts));
        told = accounts;
      }
      Thread.sleep(POLL);
    }
  }

  private void print(JsonObject status, boolean left, long accounts) throws MalformedException {
    if (json) {
      JsonWriter out =
          JsonWriter.object()
              .put("left", left)
              .put("heldAccounts", accounts)
              .put("sentence", status.string("sentence"));
      terminal.out().println(out);
    } else if (left) {
      terminal.out().println("nobody has a share here any more: the node can be stopped for good");
    } else {
      terminal.err().println("not yet: " + status.string("sentence"));
    }
  }
}
