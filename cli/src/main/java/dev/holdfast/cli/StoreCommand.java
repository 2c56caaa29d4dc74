package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    header = "Says what a node's sealed store holds, checks it, moves it.",
    footer = {
      "",
      "Exit: 0 done, 2 locked or refused, 3 no node answers, or store or archive is damaged.",
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
    throw new ParameterException(spec.commandLine(), "stats, check, export or import?");
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
      @Option(
              names = "--archive",
              paramLabel = "FILE",
              description = "Read an archive through instead; needs no node.")
          @Nullable Path archive,
      @Option(names = "--json", description = "Print it as JSON.") boolean json)
      throws IOException, CommandException, MalformedException {
    if (archive != null) {
      return StoreMove.check(terminal, archive, json);
    }
    JsonObject found = ask(address, "POST", "/v1/store/check", json);
    if (!json) {
      terminal
          .out()
          .printf("good: %d records are as they were written%n", number(found, "checkedRecords"));
    }
    return Exit.OK;
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      header = "Writes a stopped node's store and manifest to one new file.",
      footer = {
        "",
        "The file is sealed as the store is and holds no key. It is owner-only.",
        "",
        "Exit: 0 done, 2 a key is being placed, 3 the node runs, or a disk fails.",
        "Example: holdfast store export --config node.toml node.archive"
      })
  int export(
      @Option(names = "--config", paramLabel = "FILE", description = "The node's configuration.")
          @Nullable Path config,
      @Parameters(paramLabel = "ARCHIVE", description = "A new file; - for the output.") Path file,
      @Option(names = "--json", description = "Print the result as JSON.") boolean json)
      throws IOException, CommandException {
    return new StoreMove(terminal, config).export(file, json);
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      header = "Makes a stopped node, or an empty folder, the one in an archive.",
      footer = {
        "",
        "An earlier state of the same store is replaced, and kept beside; a later one is not. The",
        "next start checks the whole store before it opens it.",
        "",
        "Exit: 0 done, 2 refused, 3 the node runs, the archive is damaged, or a disk fails.",
        "Example: holdfast store import --config node.toml node.archive"
      })
  int importFrom(
      @Option(names = "--config", paramLabel = "FILE", description = "The node's configuration.")
          @Nullable Path config,
      @Option(
              names = "--account",
              paramLabel = "HEX",
              description = "Refuse the archive of any other account.")
          @Nullable String account,
      @Parameters(paramLabel = "ARCHIVE", description = "The file; - for the input.") Path file,
      @Option(names = "--json", description = "Print the result as JSON.") boolean json)
      throws IOException, CommandException {
    return new StoreMove(terminal, config).importFrom(file, account, json);
  }

  private JsonObject ask(NodeAddress address, String method, String path, boolean json)
      throws IOException, CommandException, MalformedException {
    Bytes answer = address.ask(terminal, method, path);
    if (json) {
      terminal.print(answer);
    }
    return Json.parse(answer).asObject();
  }

  private static long number(JsonObject object, String name) throws MalformedException {
    return object.integer(name, 0, Long.MAX_VALUE);
  }
}
