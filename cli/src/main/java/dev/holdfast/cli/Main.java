package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.cli.custodian.CustodianCommand;
import dev.holdfast.cli.demo.DemoCommand;
import dev.holdfast.cli.demo.FaultyProviderCommand;
import dev.holdfast.cli.entropy.EntropyCommand;
import dev.holdfast.cli.quote.ForecastCommand;
import dev.holdfast.cli.quote.QuoteCommand;
import dev.holdfast.cli.quote.QuoteCreateCommand;
import dev.holdfast.cli.quote.QuoteInspectCommand;
import dev.holdfast.cli.quote.QuoteVerifyCommand;
import dev.holdfast.daemon.Daemon;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The `holdfast` command.
@Command(
    name = "holdfast",
    mixinStandardHelpOptions = true,
    version = "holdfast " + Daemon.VERSION,
    header = "Keeps a confidential VM's data across restarts without trusting its operator.",
    synopsisSubcommandLabel = "COMMAND",
    footer = "Exit: 0 done or accepted, 1 usage, 2 refused or locked, 3 operational, 70 bug.")
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main(CommandSpec spec) {
    this.spec = spec;
  }

  public static void main(String[] arguments) {
    System.exit(run(Terminal.ofProcess(), arguments));
  }

  /// Runs one command and gives its exit code.
  public static int run(Terminal terminal, String... arguments) {
    return run(terminal, QuoteCreateCommand::thisMachine, arguments);
  }

  /// As the other, with quotes from elsewhere.
  static int run(Terminal terminal, QuoteCreateCommand.Machine machine, String... arguments) {
    CommandLine line = new CommandLine(new Main(CommandSpec.create()));
    line.addSubcommand(new NodeCommand(terminal));
    line.addSubcommand(new ConfigCommand(terminal));
    line.addSubcommand(new EntropyCommand(terminal));
    line.addSubcommand(new StatusCommand(terminal));
    line.addSubcommand(new SecretCommand(terminal));
    line.addSubcommand(new StoreCommand(terminal));
    line.addSubcommand(new RecoverCommand(terminal));
    line.addSubcommand(new CustodianCommand(terminal));
    line.addSubcommand(new DrillCommand(terminal));
    line.addSubcommand(new RotateCommand(terminal));
    line.addSubcommand(new LeaveCommand(terminal));
    line.addSubcommand(
        "log",
        new CommandLine(new LogCommand())
            .addSubcommand(new LogVerifyCommand(terminal))
            .addSubcommand(new LogWhoCommand(terminal)));
    line.addSubcommand(new ReleaseCommand(terminal));
    line.addSubcommand(new PolicyCommand(terminal));
    line.addSubcommand(
        "quote",
        new CommandLine(new QuoteCommand())
            .addSubcommand(new QuoteVerifyCommand(terminal))
            .addSubcommand(new QuoteInspectCommand(terminal))
            .addSubcommand(new QuoteCreateCommand(terminal, machine)));
    line.addSubcommand(new ForecastCommand(terminal));
    line.addSubcommand(
        "simulator",
        new CommandLine(new SimulatorCommand(terminal))
            .addSubcommand(new SimulatorQuoteCommand(terminal))
            .addSubcommand(new SimulatorServeCommand(terminal)));
    line.addSubcommand(new DemoCommand(terminal));
    line.addSubcommand(new CompletionCommand(terminal));
    line.addSubcommand(new FaultyProviderCommand(terminal));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(writer(terminal.out()));
    line.setErr(writer(terminal.err()));
    line.setParameterExceptionHandler((e, args) -> usage(terminal, e));
    line.setExecutionExceptionHandler((e, commandLine, result) -> failed(terminal, e));
    line.getSubcommands().values().forEach(sub -> sub.setUsageHelpAutoWidth(true));
    return line.execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int usage(Terminal terminal, ParameterException e) {
    terminal.err().println("holdfast: " + e.getMessage());
    terminal
        .err()
        .println("See: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return Exit.USAGE;
  }

  private static int failed(Terminal terminal, Exception e) {
    switch (e) {
      case CommandException command -> {
        terminal.err().println("holdfast: " + command.getMessage());
        return command.exit();
      }
      case ParameterException parameter -> {
        return usage(terminal, parameter);
      }
      case IOException io -> {
        terminal.err().println("holdfast: " + words(io));
        return Exit.OPERATIONAL;
      }
      case UncheckedIOException io -> {
        terminal.err().println("holdfast: " + words(io));
        return Exit.OPERATIONAL;
      }
      default -> {
        terminal.err().println("holdfast: a bug: " + e);
        e.printStackTrace(terminal.err());
        return Exit.BUG;
      }
    }
  }

  private static String words(Exception e) {
    String name = e.getClass().getSimpleName();
    return name.equals("IOException") || name.equals("UncheckedIOException")
        ? String.valueOf(e.getMessage())
        : name + ": " + e.getMessage();
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}
