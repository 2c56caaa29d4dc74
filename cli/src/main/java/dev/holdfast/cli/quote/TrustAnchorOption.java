package dev.holdfast.cli.quote;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which root certificate evidence must end in.
public final class TrustAnchorOption {
  @Option(
      names = "--trust-anchor",
      paramLabel = "PEM",
      description = "Trust this root INSTEAD of Intel's.")
  private @Nullable Path trustAnchor;

  public TrustAnchorOption() {}

  /// One for the root in question, on the fastest provider: what loading its native code costs is
  /// less than what the JDK's slower verifications do.
  public AttestationVerifier verifier(Terminal terminal) throws IOException, CommandException {
    return AttestationVerifier.of(
        anchor(terminal), Crypto.preferred(new SecureRandom()).signatureProvider());
  }

  private TrustAnchor anchor(Terminal terminal) throws IOException, CommandException {
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
}
