package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.EvidenceSource;
import dev.holdfast.simulator.EnclaveRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.QuoteRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "quote",
    mixinStandardHelpOptions = true,
    header = "Writes a quote of a simulated machine, binary, to the output.",
    footer = {"", "Example: holdfast simulator quote vendor --format sgx-v3 > quote.bin"})
final class SimulatorQuoteCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "DIR", description = "The vendor's folder.")
  private Path folder = Path.of("");

  @Option(
      names = "--platform",
      defaultValue = SimulatorCommand.DEFAULT_PLATFORM,
      description = "Simulated machine.")
  private String platform = "";

  @Option(names = "--image", defaultValue = "holdfast", description = "Simulated image or enclave.")
  private String image = "";

  @Option(names = "--report-data", paramLabel = "HEX", description = "64 bytes; else zero.")
  private @Nullable String reportData;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "tdx-v4",
      description = "tdx-v4 (default), tdx-v5, tdx-v5-15, tdx-v5-15ex, sgx-v3, sgx-v4, sgx-v5.")
  private String format = "";

  @Option(
      names = "--certification-data",
      paramLabel = "TYPE",
      defaultValue = "5",
      description = {
        "5, the PCK chain (default); 4, the PCK certificate;",
        "1 to 3, the platform's id, plain or encrypted."
      })
  private int certificationData;

  SimulatorQuoteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    Bytes data =
        reportData == null
            ? Bytes.zero(EvidenceSource.REPORT_DATA_SIZE)
            : Inputs.reportData(reportData);
    if (certificationData < 1 || certificationData > QuoteRecipe.PCK_CHAIN) {
      throw CommandException.usage("--certification-data: expected 1..5");
    }
    QuoteRecipe recipe = QuoteRecipe.of(format()).withCertificationType(certificationData);
    SimulatedPlatform machine =
        SimulatorCommand.vendor(terminal, folder).platform(PlatformRecipe.of(platform));
    Bytes quote =
        recipe.format().isTdx()
            ? machine.quote(TdRecipe.ofImage(image), data, recipe)
            : machine.quote(EnclaveRecipe.ofImage(image), data, recipe);
    terminal.out().write(quote.toArray(), 0, quote.size());
    terminal.out().flush();
    return Exit.OK;
  }

  private QuoteFormat format() throws CommandException {
    for (QuoteFormat each : QuoteFormat.values()) {
      if (name(each).equals(format)) {
        return each;
      }
    }
    List<String> names = Arrays.stream(QuoteFormat.values()).map(f -> name(f)).toList();
    throw CommandException.usage("--format: expected one of " + String.join(", ", names));
  }

  private static String name(QuoteFormat format) {
    return format.name().toLowerCase(Locale.ROOT).replace('_', '-').replace("15-ex", "15ex");
  }
}
