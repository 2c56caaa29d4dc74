package dev.holdfast.cli;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Exit;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.config.PolicyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    header = "Verifies a quote. By default only what is up to date and in no way doubtful passes.",
    footer = {
      "",
      "Exit: 0 accepted, 2 rejected, 3 a file cannot be read.",
      "Example: holdfast quote verify quote.bin --collateral collateral.json --json"
    })
final class QuoteVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "Q", description = "The quote, binary; - for the input.")
  private Path quote = Path.of("-");

  @Option(
      names = "--collateral",
      paramLabel = "F",
      description =
          "The vendor's collateral, JSON of nine members. Without it nothing is accepted.")
  private @Nullable Path collateral;

  @Option(names = "--at", paramLabel = "INSTANT", description = "Judge for this instant.")
  private @Nullable String at;

  @Option(
      names = "--policy",
      paramLabel = "F",
      description = "What is accepted, TOML or JSON: see docs/spec/policy.md.")
  private @Nullable Path policy;

  @Option(
      names = "--trust-anchor",
      paramLabel = "PEM",
      description = "Trust this root INSTEAD of Intel's.")
  private @Nullable Path trustAnchor;

  @Option(names = "--json", description = "Print the verdict as JSON.")
  private boolean json;

  QuoteVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    Bytes bytes = Inputs.read(terminal, quote);
    Instant instant = at == null ? terminal.time().instant() : Inputs.instant(at);
    AttestationVerifier verifier = AttestationVerifier.of(anchor());
    Verdict verdict = verifier.verify(bytes, collateral(), policy(), instant);
    VerdictDocument document = new VerdictDocument(verdict, bytes);
    terminal.out().print(json ? document.json() + "\n" : document.text());
    return verdict instanceof Verdict.Accepted ? Exit.OK : Exit.REFUSED;
  }

  private TrustAnchor anchor() throws IOException, CommandException {
    if (trustAnchor == null) {
      return TrustAnchor.intel();
    }
    terminal
        .err()
        .println("holdfast: WARNING: " + trustAnchor + " is trusted instead of Intel's root");
    try {
      return TrustAnchor.parsePem(Inputs.read(terminal, trustAnchor));
    } catch (MalformedException e) {
      throw CommandException.operational(trustAnchor + ": " + e.getMessage());
    }
  }

  private AttestationPolicy policy() throws IOException, CommandException {
    if (policy == null) {
      return AttestationPolicy.defaults();
    }
    try {
      return PolicyFile.parse(Inputs.read(terminal, policy));
    } catch (MalformedException e) {
      throw CommandException.operational(policy + ": " + e.getMessage());
    }
  }

  private Collateral collateral() throws IOException, CommandException {
    if (collateral == null) {
      return Collateral.none();
    }
    try {
      return Collateral.parse(Inputs.read(terminal, collateral));
    } catch (MalformedException e) {
      throw CommandException.operational(collateral + ": " + e.getMessage());
    }
  }
}
