package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.log.LogAudit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    header = "Finds every entry that was changed, removed, moved or made up, and says which.",
    footer = {
      "",
      "Whole batches cut off the end show only against a head from elsewhere: --known.",
      "",
      "Exit: 0 nothing is wrong, 2 something is, 3 no log there.",
      "Example: holdfast log verify --folder data/log"
    })
final class LogVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private LogFolder log = new LogFolder();

  @Option(
      names = "--known",
      paramLabel = "SEQUENCE:HEAD",
      description = "An entry that the log had at another time, as this command printed it.")
  private List<String> known = new ArrayList<>();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  LogVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    List<LogAudit.Known> heads = new ArrayList<>();
    for (String text : known) {
      heads.add(head(text));
    }
    LogAudit.Result result = log.audit(terminal, heads);
    terminal.out().println(json ? document(result).toString() : text(result));
    return result.findings().isEmpty() ? Exit.OK : Exit.REFUSED;
  }

  private static LogAudit.Known head(String text) throws CommandException {
    int colon = text.indexOf(':');
    try {
      return new LogAudit.Known(
          Long.parseLong(text.substring(0, Math.max(0, colon))),
          Bytes.parseHex(text.substring(colon + 1)));
    } catch (NumberFormatException | MalformedException e) {
      throw CommandException.usage("--known is an entry's number, a colon and its head in hex");
    }
  }

  private static String text(LogAudit.Result result) {
    StringBuilder out = new StringBuilder();
    for (LogAudit.Finding finding : result.findings()) {
      out.append(
          "entry %d: %s, %s%n"
              .formatted(finding.sequence(), finding.fault().code(), finding.detail()));
    }
    return out.append(
            "%d entries, the last is %d:%s%nlog of %s"
                .formatted(
                    result.entries().size(),
                    result.sequence(),
                    result.head().toHex(),
                    result.account()))
        .toString();
  }

  private static JsonWriter document(LogAudit.Result result) {
    return JsonWriter.object()
        .put("account", result.account().toString())
        .put("intact", result.findings().isEmpty())
        .put("entries", result.entries().size())
        .put("sequence", result.sequence())
        .put("head", result.head().toHex())
        .putObjects(
            "findings",
            result.findings().stream()
                .map(finding ->
                    JsonWriter.object()
                        .put("fault", finding.fault().code())
                        .put("sequence", finding.sequence())
                        .put("detail", finding.detail()))
                .toList());
  }
}
