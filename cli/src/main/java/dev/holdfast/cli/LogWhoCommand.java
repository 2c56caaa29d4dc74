package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.Timestamps;
import dev.holdfast.node.log.LogAudit;
import dev.holdfast.node.log.LogFact;
import dev.holdfast.node.log.LogLine;
import dev.holdfast.protocol.AccountId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "who",
    mixinStandardHelpOptions = true,
    header = "Shows what an account deposited here, was given, and was refused.",
    footer = {
      "",
      "Exit: 0 shown, 2 shown and something is wrong with the log (log verify says what),"
          + " 3 no log there.",
      "Example: holdfast log who --folder data/log --since 2026-01-01T00:00:00Z ACCOUNT"
    })
final class LogWhoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private LogFolder log = new LogFolder();

  @Parameters(paramLabel = "ACCOUNT", description = "Whose entries: 64 hexadecimal digits.")
  private String who = "";

  @Option(names = "--since", paramLabel = "INSTANT", description = "Only entries from then on.")
  private @Nullable String since;

  @Option(names = "--json", description = "Print the entries as JSON.")
  private boolean json;

  LogWhoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    AccountId account = LogFolder.account(who);
    Instant from = from();
    LogAudit.Result result = log.audit(terminal, List.of());
    List<LogLine.Entry> found =
        result.entries().stream()
            .filter(entry -> entry.fact().account().equals(account))
            .filter(entry -> !entry.fact().at().isBefore(from))
            .toList();
    boolean intact = result.findings().isEmpty();
    if (json) {
      terminal.out().println(document(found, intact));
    } else {
      found.forEach(entry -> terminal.out().println(line(entry)));
    }
    if (!intact) {
      terminal.err().println("something is wrong with this log: holdfast log verify says what");
    }
    return intact ? Exit.OK : Exit.REFUSED;
  }

  private Instant from() throws CommandException {
    if (since == null) {
      return Instant.MIN;
    }
    return Timestamps.parse(since)
        .orElseThrow(() -> CommandException.usage("--since is like 2026-01-31T12:00:00Z"));
  }

  private static String line(LogLine.Entry entry) {
    LogFact fact = entry.fact();
    String times = fact.count() > 1 ? " (" + fact.count() + " times)" : "";
    return "%s  %d  %s  %s%s"
        .formatted(fact.at(), entry.sequence(), fact.kind().code(), fact.detail(), times);
  }

  private static JsonWriter document(List<LogLine.Entry> found, boolean intact) {
    return JsonWriter.object()
        .put("intact", intact)
        .putObjects(
            "entries",
            found.stream()
                .map(entry ->
                    JsonWriter.object()
                        .put("sequence", entry.sequence())
                        .put("at", entry.fact().at().toString())
                        .put("kind", entry.fact().kind().code())
                        .put("count", entry.fact().count())
                        .put("detail", entry.fact().detail()))
                .toList());
  }
}
