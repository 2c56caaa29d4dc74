package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.runtime.DurableFiles;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.TdRecipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "simulator",
    mixinStandardHelpOptions = true,
    header = "A development vendor: quotes and collateral under a root that nothing real trusts.",
    footer = {"", "Example: holdfast simulator init vendor"})
final class SimulatorCommand implements Runnable {
  static final String VENDOR_FILE = "vendor.json";
  static final String ROOT_FILE = "root.pem";
  static final String COLLATERAL_FILE = "collateral.json";

  private static final int REPORT_DATA_SIZE = 64;

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  SimulatorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "init, quote or collateral?");
  }

  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      header = "Makes a vendor in a new folder: vendor.json (keys), root.pem, collateral.json.")
  int init(@Parameters(paramLabel = "DIR") Path folder) throws IOException, CommandException {
    if (Files.exists(folder.resolve(VENDOR_FILE))) {
      throw CommandException.refused(folder + " has a vendor already");
    }
    Instant now = terminal.time().instant();
    DevelopmentVendor vendor = DevelopmentVendor.generate(new SecureRandom(), now);
    DurableFiles.createFolder(folder);
    DurableFiles.write(folder, VENDOR_FILE, vendor.toJson());
    DurableFiles.write(folder, ROOT_FILE, vendor.rootPem());
    DurableFiles.write(folder, COLLATERAL_FILE, vendor.collateral(recipe(now)));
    terminal.out().println(folder.resolve(VENDOR_FILE));
    return Exit.OK;
  }

  @Command(
      name = "quote",
      mixinStandardHelpOptions = true,
      header = "Writes a TDX quote of version 4, binary, to the output.")
  int quote(
      @Parameters(paramLabel = "DIR") Path folder,
      @Option(names = "--platform", defaultValue = "machine", description = "Simulated machine.")
          String platform,
      @Option(names = "--image", defaultValue = "holdfast", description = "Simulated image.")
          String image,
      @Option(names = "--report-data", paramLabel = "HEX", description = "64 bytes; else zero.")
          @Nullable String reportData)
      throws IOException, CommandException {
    Bytes data = reportData == null ? Bytes.zero(REPORT_DATA_SIZE) : reportData(reportData);
    Bytes quote =
        vendor(folder).platform(PlatformRecipe.of(platform)).quote(TdRecipe.ofImage(image), data);
    terminal.out().write(quote.toArray(), 0, quote.size());
    terminal.out().flush();
    return Exit.OK;
  }

  @Command(
      name = "collateral",
      mixinStandardHelpOptions = true,
      header = "Writes fresh collateral, good for 30 days, to the output.")
  int collateral(
      @Parameters(paramLabel = "DIR") Path folder,
      @Option(names = "--at", paramLabel = "INSTANT", description = "Issue it for this instant.")
          @Nullable String at)
      throws IOException, CommandException {
    Instant instant = at == null ? terminal.time().instant() : Inputs.instant(at);
    Bytes collateral = vendor(folder).collateral(recipe(instant));
    terminal.out().println(new String(collateral.toArray(), StandardCharsets.UTF_8));
    return Exit.OK;
  }

  private static CollateralRecipe recipe(Instant now) {
    return CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, now);
  }

  private DevelopmentVendor vendor(Path folder) throws IOException, CommandException {
    Path file = folder.resolve(VENDOR_FILE);
    try {
      return DevelopmentVendor.parse(Inputs.read(terminal, file));
    } catch (MalformedException e) {
      throw CommandException.operational(file + ": " + e.getMessage());
    }
  }

  private static Bytes reportData(String hex) throws CommandException {
    try {
      Bytes bytes = Bytes.parseHex(hex);
      if (bytes.size() == REPORT_DATA_SIZE) {
        return bytes;
      }
    } catch (MalformedException e) {
      // Said below, like a wrong size.
    }
    throw CommandException.usage("--report-data: expected 128 hexadecimal digits");
  }
}
