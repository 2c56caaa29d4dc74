package dev.holdfast.cli;

import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.runtime.DurableFiles;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import java.io.IOException;
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
    header = "A development vendor, under a root that nothing real trusts.",
    footer = {"", "Example: holdfast simulator init vendor"})
final class SimulatorCommand implements Runnable {
  static final String VENDOR_FILE = "vendor.json";
  static final String ROOT_FILE = "root.pem";
  static final String COLLATERAL_FILE = "collateral.json";

  /// The simulated machine that commands mean unless they are told another.
  static final String DEFAULT_PLATFORM = "machine";

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  SimulatorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "init, quote, collateral or serve?");
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
    DurableFiles.write(
        folder,
        COLLATERAL_FILE,
        vendor.collateral(CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, now)));
    terminal.out().println(folder.resolve(VENDOR_FILE));
    return Exit.OK;
  }

  @Command(
      name = "collateral",
      mixinStandardHelpOptions = true,
      header = "Writes fresh collateral, good for 30 days, to the output.")
  int collateral(
      @Parameters(paramLabel = "DIR") Path folder,
      @Option(names = "--at", paramLabel = "INSTANT", description = "Issue it for this instant.")
          @Nullable String at,
      @Option(names = "--tee", paramLabel = "sgx|tdx", defaultValue = "tdx") Tee tee)
      throws IOException, CommandException {
    Instant instant = at == null ? terminal.time().instant() : Inputs.instant(at);
    CollateralRecipe recipe =
        switch (tee) {
          case TDX -> CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, instant);
          case SGX -> CollateralRecipe.sgx(PlatformRecipe.DEFAULT_FMSPC, instant);
        };
    Bytes collateral = vendor(terminal, folder).collateral(recipe);
    terminal.print(collateral);
    return Exit.OK;
  }

  /// The vendor in `folder`.
  static DevelopmentVendor vendor(Terminal terminal, Path folder)
      throws IOException, CommandException {
    Path file = folder.resolve(VENDOR_FILE);
    try {
      return DevelopmentVendor.parse(Inputs.read(terminal, file));
    } catch (MalformedException e) {
      throw CommandException.operational(file + ": " + e.getMessage());
    }
  }
}
