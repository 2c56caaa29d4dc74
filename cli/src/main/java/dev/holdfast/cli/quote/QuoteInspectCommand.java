package dev.holdfast.cli.quote;

import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.attestation.eventlog.CcelTable;
import dev.holdfast.attestation.eventlog.EventLog;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    header = "Shows what a quote says, and whether an event log fits it. Nothing is verified.",
    footer = {
      "",
      "Exit: 0 shown, and the log fits; 2 no quote, no log, or a log that does not fit;",
      "3 a file cannot be read.",
      "Example: holdfast quote inspect quote.bin --eventlog ccel.bin"
    })
public final class QuoteInspectCommand implements Callable<Integer> {
  private static final Path INPUT = Path.of("-");

  private final Terminal terminal;

  @Parameters(paramLabel = "Q", description = "The quote, binary; - for the input.")
  private Path quote = INPUT;

  @Option(
      names = "--eventlog",
      paramLabel = "FILE",
      description = "Replay this boot event log (CCEL area or dstack's JSON) against the RTMRs.")
  private @Nullable Path eventLog;

  @Option(
      names = "--ccel-table",
      paramLabel = "FILE",
      description = "The ACPI table of that log's area: its size must be the log's.")
  private @Nullable Path ccelTable;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  public QuoteInspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    requireOneInput();
    Bytes bytes = Inputs.read(terminal, quote);
    UnverifiedQuote parsed;
    try {
      parsed = UnverifiedQuote.parse(bytes);
    } catch (MalformedException e) {
      throw CommandException.refused(String.valueOf(e.getMessage()));
    }
    Optional<EventLogDocument> log = eventLog(parsed);
    terminal.err().println("holdfast: nothing here is verified; see: holdfast quote verify");
    terminal.out().print(json ? json(parsed, log) + "\n" : text(parsed, log));
    if (log.isEmpty() || log.get().fits()) {
      return Exit.OK;
    }
    terminal.err().println("holdfast: the event log does not fit the quote");
    return Exit.REFUSED;
  }

  private void requireOneInput() throws CommandException {
    if (ccelTable != null && eventLog == null) {
      throw CommandException.usage("--ccel-table: describes a log, so --eventlog is needed");
    }
    int inputs = 0;
    for (Path file : new @Nullable Path[] {quote, eventLog, ccelTable}) {
      inputs += INPUT.equals(file) ? 1 : 0;
    }
    if (inputs > 1) {
      throw CommandException.usage("only one of the files can be -, the input");
    }
  }

  private Optional<EventLogDocument> eventLog(UnverifiedQuote parsed)
      throws IOException, CommandException {
    if (eventLog == null) {
      return Optional.empty();
    }
    if (!(parsed.report() instanceof TdReport report)) {
      throw CommandException.refused("--eventlog: an SGX quote has no RTMRs");
    }
    Optional<CcelTable> table = ccelTable();
    Bytes bytes = Inputs.read(terminal, eventLog);
    try {
      EventLog log = table.isPresent() ? EventLog.parse(bytes, table.get()) : EventLog.parse(bytes);
      return Optional.of(new EventLogDocument(log, log.compare(report)));
    } catch (MalformedException e) {
      throw CommandException.refused(eventLog + ": " + e.getMessage());
    }
  }

  private Optional<CcelTable> ccelTable() throws IOException, CommandException {
    if (ccelTable == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(CcelTable.parse(Inputs.read(terminal, ccelTable)));
    } catch (MalformedException e) {
      throw CommandException.refused(ccelTable + ": " + e.getMessage());
    }
  }

  private static String json(UnverifiedQuote quote, Optional<EventLogDocument> log) {
    JsonWriter json = QuoteFacts.of(quote).json();
    log.ifPresent(document -> json.put("eventLog", document.json()));
    return json.toString();
  }

  private static String text(UnverifiedQuote quote, Optional<EventLogDocument> log) {
    return QuoteFacts.of(quote).text() + log.map(EventLogDocument::text).orElse("");
  }
}
