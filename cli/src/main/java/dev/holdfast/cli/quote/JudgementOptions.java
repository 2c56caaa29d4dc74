package dev.holdfast.cli.quote;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.config.PolicyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a command judges a quote: when, by which policy, under which root.
final class JudgementOptions {
  @Option(names = "--at", paramLabel = "INSTANT", description = "Judge for this instant.")
  private @Nullable String at;

  @Option(names = "--policy", paramLabel = "F", description = "What is accepted, TOML or JSON.")
  private @Nullable Path policy;

  @Mixin private TrustAnchorOption anchor = new TrustAnchorOption();

  Instant instant(Terminal terminal) throws CommandException {
    return at == null ? terminal.time().instant() : Inputs.instant(at);
  }

  AttestationPolicy policy(Terminal terminal) throws IOException, CommandException {
    if (policy == null) {
      return AttestationPolicy.defaults();
    }
    try {
      return PolicyFile.parse(Inputs.read(terminal, policy));
    } catch (MalformedException e) {
      throw CommandException.operational(policy + ": " + e.getMessage());
    }
  }

  /// One for the root in question.
  AttestationVerifier verifier(Terminal terminal) throws IOException, CommandException {
    return anchor.verifier(terminal);
  }
}
