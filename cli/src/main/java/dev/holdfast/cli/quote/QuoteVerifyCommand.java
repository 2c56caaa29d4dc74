package dev.holdfast.cli.quote;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    header = "Verifies a quote; by default only what is up to date passes.",
    footer = {
      "",
      "Exit: 0 accepted, 2 rejected, 3 no such file, no answer of the service.",
      "Example: holdfast quote verify q.bin --collateral collateral.json --json"
    })
public final class QuoteVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "Q", description = "The quote, binary; - for the input.")
  private Path quote = Path.of("-");

  @Mixin private CollateralOptions collateral = new CollateralOptions();

  @Mixin private JudgementOptions judgement = new JudgementOptions();

  @Option(names = "--json", description = "Print the verdict as JSON.")
  private boolean json;

  public QuoteVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    Bytes bytes = Inputs.read(terminal, quote);
    AttestationVerifier verifier = judgement.verifier(terminal);
    Verdict verdict =
        verifier.verify(
            bytes,
            collateral.read(terminal, bytes, verifier),
            judgement.policy(terminal),
            judgement.instant(terminal));
    VerdictDocument document = new VerdictDocument(verdict, bytes, verifier.signatureProvider());
    terminal.out().print(json ? document.json() + "\n" : document.text());
    return verdict instanceof Verdict.Accepted ? Exit.OK : Exit.REFUSED;
  }
}
