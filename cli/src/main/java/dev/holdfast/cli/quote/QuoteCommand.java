package dev.holdfast.cli.quote;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "quote",
    mixinStandardHelpOptions = true,
    header = "Verifies, shows and takes attestation quotes of Intel TDX and SGX.")
public final class QuoteCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  public QuoteCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "verify, inspect or create?");
  }
}
