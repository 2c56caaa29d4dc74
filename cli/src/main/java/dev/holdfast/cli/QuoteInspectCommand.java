package dev.holdfast.cli;

import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    header = "Shows what a quote says. Nothing of it is verified.",
    footer = {"", "Exit: 0 shown, 2 it is no quote, 3 the file cannot be read."})
final class QuoteInspectCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "Q", description = "The quote, binary; - for the input.")
  private Path quote = Path.of("-");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  QuoteInspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    Bytes bytes = Inputs.read(terminal, quote);
    try {
      QuoteFacts facts = QuoteFacts.of(UnverifiedQuote.parse(bytes));
      terminal.err().println("holdfast: nothing here is verified; see: holdfast quote verify");
      terminal.out().print(json ? facts.json() + "\n" : facts.text());
      return Exit.OK;
    } catch (MalformedException e) {
      throw CommandException.refused(String.valueOf(e.getMessage()));
    }
  }
}
