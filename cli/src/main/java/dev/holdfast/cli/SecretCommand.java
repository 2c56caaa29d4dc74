package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.local.LocalClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "secret",
    mixinStandardHelpOptions = true,
    header = "Keeps secrets in a node's sealed store.",
    footer = {
      "",
      "Exit: 0 done, 2 refused (locked, not backed up, no such secret), 3 no node answers.",
      "Example: openssl rand 32 | holdfast secret put --config node.toml db-key"
    })
final class SecretCommand implements Runnable {
  private static final int SECRET_MAX_BYTES = 1024 * 1024;
  private static final int MAX_NAMES = 1_000_000;

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  SecretCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "put, get, list or delete?");
  }

  @Command(
      name = "put",
      mixinStandardHelpOptions = true,
      header = "Stores what stands on the input, up to 1 MiB, under a name.")
  int put(@Mixin NodeAddress address, @Parameters(paramLabel = "NAME") String name)
      throws IOException, CommandException {
    byte[] input = terminal.in().readNBytes(SECRET_MAX_BYTES + 1);
    try (SecretBytes value = SecretBytes.take(input)) {
      if (value.size() > SECRET_MAX_BYTES) {
        throw CommandException.usage("the secret is larger than " + SECRET_MAX_BYTES + " bytes");
      }
      try (LocalClient.Answer answer = address.call(terminal, "PUT", path(name), value)) {
        return done(answer);
      }
    } finally {
      Arrays.fill(input, (byte) 0);
    }
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      header = "Writes a secret to the output, as it is; not to a terminal unless forced.")
  int get(
      @Mixin NodeAddress address,
      @Option(names = "--force", description = "Print it even to a terminal.") boolean force,
      @Parameters(paramLabel = "NAME") String name)
      throws IOException, CommandException {
    if (terminal.interactive() && !force) {
      throw CommandException.usage(
          "a secret is not printed to a terminal; pipe it, or say --force");
    }
    try (LocalClient.Answer answer = address.call(terminal, "GET", path(name))) {
      if (answer.status() == 200) {
        answer.body().use(bytes -> terminal.out().write(bytes, 0, bytes.length));
        terminal.out().flush();
        return Exit.OK;
      }
      return done(answer);
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      header = "Prints the names, one a line, or as JSON.")
  int list(
      @Mixin NodeAddress address,
      @Option(names = "--json", description = "Print a JSON object with the names.") boolean json)
      throws IOException, CommandException, MalformedException {
    try (LocalClient.Answer answer = address.call(terminal, "GET", "/v1/secrets")) {
      if (answer.status() != 200) {
        return done(answer);
      }
      if (json) {
        terminal.out().println(text(answer.bytes()));
        return Exit.OK;
      }
      JsonValue.JsonArray names = Json.parse(answer.bytes()).asObject().array("names", MAX_NAMES);
      for (JsonValue name : names.items()) {
        terminal.out().println(text(Bytes.parseBase64Url(name.asString())));
      }
      return Exit.OK;
    }
  }

  @Command(name = "delete", mixinStandardHelpOptions = true, header = "Deletes a secret.")
  int delete(@Mixin NodeAddress address, @Parameters(paramLabel = "NAME") String name)
      throws IOException, CommandException {
    try (LocalClient.Answer answer = address.call(terminal, "DELETE", path(name))) {
      return done(answer);
    }
  }

  private static int done(LocalClient.Answer answer) throws CommandException {
    if (answer.status() / 100 == 2) {
      return Exit.OK;
    }
    throw NodeAddress.refusal(answer);
  }

  private static String path(String name) {
    Bytes bytes = Bytes.copyOf(name.getBytes(StandardCharsets.UTF_8));
    return "/v1/secrets/" + bytes.toBase64Url();
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }
}
