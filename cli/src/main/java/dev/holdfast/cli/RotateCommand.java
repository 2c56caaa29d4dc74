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
    name = "rotate",
    mixinStandardHelpOptions = true,
    header = "Gives a store a new root key, shared anew.",
    footer = {
      "",
      "The old shares are forgotten. Users are served meanwhile. The old key goes on opening the"
          + " store until the new one is safe.",
      "",
      "Exit: 0 the new key is the one, 2 not in time or refused, 3 no node answers.",
      "Example: holdfast rotate --config node.toml"
    })
final class RotateCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long MAX_GENERATION = (1L << 53) - 1;

  private final Terminal terminal;

  @Mixin private NodeAddress address = new NodeAddress();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait for it; the node goes on afterwards. Default: 120.")
  private int seconds;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  RotateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call()
      throws IOException, CommandException, MalformedException, InterruptedException {
    long before = generation(address.status(terminal));
    address.ask(terminal, "POST", "/v1/rotate");
    terminal.err().println("placing a new root key; the present one is of generation " + before);
    long deadline = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    JsonObject status = address.status(terminal);
    while (generation(status) == before && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
      status = address.status(terminal);
    }
    boolean done = generation(status) > before;
    print(status, done);
    return done ? Exit.OK : Exit.REFUSED;
  }

  private void print(JsonObject status, boolean done) throws MalformedException {
    if (json) {
      JsonWriter out =
          JsonWriter.object()
              .put("rotated", done)
              .put("generation", generation(status))
              .put("sentence", status.string("sentence"));
      terminal.out().println(out);
    } else if (done) {
      terminal.out().println("the root key is of generation " + generation(status) + " now");
    } else {
      terminal.err().println("not yet: " + status.string("sentence"));
    }
  }

  private static long generation(JsonObject status) throws MalformedException {
    return status.integer("generation", 0, MAX_GENERATION);
  }
}
