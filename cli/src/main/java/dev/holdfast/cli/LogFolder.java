package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.daemon.runtime.ReleaseLog;
import dev.holdfast.node.log.LogAudit;
import dev.holdfast.node.log.LogLine;
import dev.holdfast.node.log.LogSegment;
import dev.holdfast.protocol.AccountId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which log, and whose it is to be.
final class LogFolder {
  @Option(
      names = "--folder",
      required = true,
      paramLabel = "DIR",
      description = "The log: folder log of the node's data-dir, or a copy of it.")
  private Path folder = Path.of(ReleaseLog.FOLDER);

  @Option(
      names = "--account",
      paramLabel = "HEX",
      description = "The node's account. Default: what the log itself says.")
  private @Nullable String account;

  LogFolder() {}

  /// Reads and checks all of it.
  ///
  /// @throws CommandException operational, when there is no log
  LogAudit.Result audit(Terminal terminal, List<LogAudit.Known> known)
      throws IOException, CommandException {
    List<LogSegment> segments = ReleaseLog.read(folder);
    if (segments.isEmpty()) {
      throw CommandException.operational("no log in " + folder);
    }
    AccountId owner = account == null ? claimed(terminal, segments) : account(account);
    return LogAudit.of(Crypto.preferred(new SecureRandom()), owner, segments, known);
  }

  private static AccountId claimed(Terminal terminal, List<LogSegment> segments)
      throws CommandException {
    Bytes content = segments.getFirst().content();
    int end = 0;
    while (end < content.size() && content.at(end) != '\n') {
      end++;
    }
    try {
      if (LogLine.parse(content.slice(0, end)) instanceof LogLine.Checkpoint first) {
        terminal
            .err()
            .println("taking the account from the log itself; --account names the one you mean");
        return first.account();
      }
    } catch (MalformedException e) {
      throw CommandException.refused("the log's first line says no account: " + e.getMessage());
    }
    throw CommandException.refused("the log's first line says no account; give --account");
  }

  static AccountId account(String hex) throws CommandException {
    try {
      return AccountId.parse(Bytes.parseHex(hex));
    } catch (MalformedException e) {
      throw CommandException.usage("an account is 64 hexadecimal digits: " + e.getMessage());
    }
  }
}
