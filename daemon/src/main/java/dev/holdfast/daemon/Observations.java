package dev.holdfast.daemon;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.CollateralExamination;
import dev.holdfast.attestation.CollateralExamination.Facts;
import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.node.model.Input;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What the inputs of a node tell to who reads along: dates for people and alarms, on which nothing
/// is decided.
///
/// Thread-safe.
final class Observations {
  private final AttestationVerifier verifier;
  private final InstantSource time;
  private volatile Seen seen;

  /// How the store came to be open.
  ///
  /// @param afterMillis since the start of the process
  /// @param quotes asked for until then
  record Opening(long afterMillis, long quotes) {}

  /// Everything seen until now.
  ///
  /// @param registryUnreadableSince empty while the registry can be read
  /// @param collateral dates of the collateral in use, when it is authentic
  /// @param ownEvidence what came of the last judgement of the node's own quote
  record Seen(
      Optional<Opening> opening,
      Optional<Instant> registryUnreadableSince,
      Optional<Facts> collateral,
      Optional<OwnEvidence> ownEvidence) {
    private Seen with(Opening first) {
      return new Seen(Optional.of(first), registryUnreadableSince, collateral, ownEvidence);
    }

    private Seen withRegistry() {
      return new Seen(opening, Optional.empty(), collateral, ownEvidence);
    }

    private Seen withoutRegistry(Instant now) {
      Instant since = registryUnreadableSince.orElse(now);
      return new Seen(opening, Optional.of(since), collateral, ownEvidence);
    }

    private Seen with(Optional<Facts> facts) {
      return new Seen(opening, registryUnreadableSince, facts, ownEvidence);
    }

    private Seen with(OwnEvidence latest) {
      return new Seen(opening, registryUnreadableSince, collateral, Optional.of(latest));
    }

    private Seen withOwnEvidenceRefused() {
      return with(new OwnEvidence(false, ownEvidence.flatMap(OwnEvidence::pckValidUntil)));
    }
  }

  /// The node's own judgement of its own latest quote.
  ///
  /// @param pckValidUntil the end of its PCK certificate, when the quote carries it
  record OwnEvidence(boolean accepted, Optional<Instant> pckValidUntil) {}

  Observations(AttestationVerifier verifier, InstantSource time) {
    this.verifier = verifier;
    this.time = time;
    this.seen =
        new Seen(Optional.empty(), Optional.of(time.instant()), Optional.empty(), Optional.empty());
  }

  Seen seen() {
    return seen;
  }

  /// Reads `input` on its way to the node.
  ///
  /// @param quotes asked for until now
  void saw(Input input, long quotes) {
    switch (input) {
      case Input.StoreOpened _ -> {
        Opening opening = new Opening(ProcessAge.millis(), quotes);
        update(before -> before.with(opening));
      }
      case Input.MembersSeen _ -> update(Seen::withRegistry);
      case Input.MembersUnavailable _ -> {
        Instant now = time.instant();
        update(before -> before.withoutRegistry(now));
      }
      case Input.CollateralObtained obtained -> {
        Optional<Facts> facts = facts(obtained.collateral());
        update(before -> before.with(facts));
      }
      case Input.OwnQuoteJudged judged -> {
        OwnEvidence accepted = new OwnEvidence(true, pckValidUntil(judged.quote()));
        update(before -> before.with(accepted));
      }
      case Input.OwnQuoteRefused _ -> update(Seen::withOwnEvidenceRefused);
      // Whatever comes besides tells nothing that the snapshot does not.
      default -> {}
    }
  }

  private synchronized void update(UnaryOperator<Seen> change) {
    seen = change.apply(seen);
  }

  private Optional<Facts> facts(Collateral collateral) {
    return switch (verifier.examine(collateral)) {
      case Facts facts -> Optional.of(facts);
      case CollateralExamination.Fault _ -> Optional.empty();
    };
  }

  private static Optional<Instant> pckValidUntil(Bytes quote) {
    try {
      return UnverifiedQuote.pckValidUntil(quote);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
