package dev.holdfast.cli.quote;

import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.SystemTicker;
import dev.holdfast.daemon.runtime.DurableFiles;
import dev.holdfast.platform.ConfigfsTsm;
import dev.holdfast.platform.EvidenceException;
import dev.holdfast.platform.EvidenceSource;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    header = "Takes a quote from this machine, an Intel TDX guest, and writes it, binary.",
    footer = {
      "",
      "Exit: 0 done, 3 the machine gives no quote: why, and the next step.",
      "Example: holdfast quote create --out quote.bin"
    })
public final class QuoteCreateCommand implements Callable<Integer> {
  /// Where quotes come from.
  public interface Machine {
    /// @param configfs the kernel's `tsm/report` folder
    EvidenceSource at(Path configfs);
  }

  private final Terminal terminal;
  private final Machine machine;

  @ArgGroup private @Nullable ReportData reportData;

  @Option(
      names = "--out",
      paramLabel = "F",
      description = "Write it to this file, replacing it; else to the output.")
  private @Nullable Path out;

  @Option(
      names = "--configfs",
      paramLabel = "DIR",
      description = "The kernel's tsm/report folder, if it is elsewhere.")
  private Path configfs = ConfigfsTsm.KERNEL_FOLDER;

  @Option(names = "--force", description = "Write it even to a terminal.")
  private boolean force;

  /// What the quote binds: one of two ways to say it.
  static final class ReportData {
    @Option(
        names = "--report-data",
        paramLabel = "HEX",
        description = "64 bytes for the quote to bind; else zero.")
    private @Nullable String hex;

    @Option(
        names = "--report-data-file",
        paramLabel = "F",
        description = "The same, binary from a file; - for the input.")
    private @Nullable Path file;

    ReportData() {}
  }

  public QuoteCreateCommand(Terminal terminal, Machine machine) {
    this.terminal = terminal;
    this.machine = machine;
  }

  /// This machine's kernel.
  public static EvidenceSource thisMachine(Path configfs) {
    return ConfigfsTsm.ofKernel(configfs, new SecureRandom(), new SystemTicker());
  }

  @Override
  public Integer call() throws IOException, CommandException {
    if (out == null && terminal.interactive() && !force) {
      throw CommandException.usage(
          "a quote is binary and not written to a terminal; pipe it, or say --out or --force");
    }
    Bytes bound = bound();
    Bytes quote = taken(bound);
    requireOver(bound, quote);
    if (out == null) {
      terminal.out().write(quote.toArray(), 0, quote.size());
      terminal.out().flush();
    } else {
      write(out.toAbsolutePath(), quote);
    }
    return Exit.OK;
  }

  private Bytes taken(Bytes bound) throws IOException, CommandException {
    try {
      return machine.at(configfs).quote(bound);
    } catch (EvidenceException e) {
      throw CommandException.operational(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.operational("interrupted while waiting for the quote");
    }
  }

  /// The host hands quotes over and may have another VM's at hand.
  private static void requireOver(Bytes bound, Bytes quote) throws CommandException {
    try {
      if (UnverifiedQuote.parse(quote).report().reportData().equals(bound)) {
        return;
      }
    } catch (MalformedException e) {
      throw CommandException.operational("the machine gave no quote: " + e.getMessage());
    }
    throw CommandException.operational("the machine gave a quote over other report data");
  }

  private static void write(Path file, Bytes quote) throws IOException, CommandException {
    Path folder = file.getParent();
    Path name = file.getFileName();
    if (folder == null || name == null) {
      throw CommandException.usage("--out: expected a file");
    }
    DurableFiles.write(folder, name.toString(), quote);
  }

  private Bytes bound() throws IOException, CommandException {
    if (reportData == null) {
      return Bytes.zero(EvidenceSource.REPORT_DATA_SIZE);
    }
    if (reportData.hex != null) {
      return Inputs.reportData(reportData.hex);
    }
    Path file = reportData.file == null ? Path.of("-") : reportData.file;
    Bytes bytes = Inputs.read(terminal, file);
    if (bytes.size() != EvidenceSource.REPORT_DATA_SIZE) {
      throw CommandException.usage("--report-data-file: expected 64 bytes, found " + bytes.size());
    }
    return bytes;
  }
}
