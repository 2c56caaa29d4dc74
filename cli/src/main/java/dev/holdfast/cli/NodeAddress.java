package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.NodeRun;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.daemon.config.Setting;
import dev.holdfast.daemon.local.LocalClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which local node a command talks to, and the talk.
final class NodeAddress {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @Option(names = "--socket", paramLabel = "PATH", description = "The node's local socket.")
  private @Nullable Path socket;

  @Option(names = "--config", paramLabel = "FILE", description = "The node's configuration.")
  private @Nullable Path config;

  NodeAddress() {}

  /// Calls the node. Any status is an answer.
  ///
  /// @throws CommandException operational, when the node cannot be reached
  LocalClient.Answer call(Terminal terminal, String method, String path, SecretBytes body)
      throws IOException, CommandException {
    Path where = socket(terminal);
    try {
      return new LocalClient(where, DEADLINE).call(method, path, body);
    } catch (IOException e) {
      throw CommandException.operational("no node answers on " + where + ": " + e.getMessage());
    }
  }

  /// As the other, without a body.
  LocalClient.Answer call(Terminal terminal, String method, String path)
      throws IOException, CommandException {
    try (SecretBytes none = SecretBytes.take(new byte[0])) {
      return call(terminal, method, path, none);
    }
  }

  /// What the node answers when it does as asked; for everything but secrets.
  ///
  /// @throws CommandException when it refuses, or cannot be reached
  Bytes ask(Terminal terminal, String method, String path, Bytes body)
      throws IOException, CommandException {
    try (SecretBytes sent = SecretBytes.take(body.toArray());
        LocalClient.Answer answer = call(terminal, method, path, sent)) {
      if (answer.status() / 100 != 2) {
        throw refusal(answer);
      }
      return answer.bytes();
    }
  }

  /// As the other, without a body.
  Bytes ask(Terminal terminal, String method, String path) throws IOException, CommandException {
    return ask(terminal, method, path, Bytes.EMPTY);
  }

  /// The node's status document.
  JsonObject status(Terminal terminal) throws IOException, CommandException, MalformedException {
    return Json.parse(ask(terminal, "GET", "/v1/status")).asObject();
  }

  /// What a refusal says, with the exit code for it.
  static CommandException refusal(LocalClient.Answer answer) {
    try {
      JsonObject problem = Json.parse(answer.bytes()).asObject();
      String code = problem.string("code");
      String text = code + (problem.has("detail") ? ": " + problem.string("detail") : "");
      return answer.status() >= 500 && answer.status() != 503
          ? CommandException.operational(text)
          : CommandException.refused(text);
    } catch (MalformedException e) {
      return CommandException.operational("the node answered with status " + answer.status());
    }
  }

  private Path socket(Terminal terminal) throws IOException, CommandException {
    if (socket != null) {
      return socket;
    }
    String variable = terminal.environment().get(Setting.LOCAL_SOCKET.variable());
    if (config == null && variable != null) {
      return Path.of(variable);
    }
    if (config == null) {
      throw CommandException.usage(
          "which node? Give --socket or --config, or set " + Setting.LOCAL_SOCKET.variable());
    }
    return NodeRun.configuration(terminal, Optional.of(config)).localSocket();
  }
}
