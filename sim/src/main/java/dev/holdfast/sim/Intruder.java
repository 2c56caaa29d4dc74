package dev.holdfast.sim;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.protocol.message.ChallengeAnswer;
import dev.holdfast.protocol.message.ChallengeRequest;
import dev.holdfast.protocol.message.RecoveryRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Asks providers for a victim's share, with everything right but one thing. It has the victim's
/// disk, genuine machines, and VMs of any image; it does not have the victim's protected memory.
final class Intruder {
  private static final int RUSES = 3;
  private static final Duration STALE = Duration.ofSeconds(75);

  private final World world;

  /// What is wrong.
  enum Ruse {
    NO_TOKEN,
    OTHER_IMAGE,
    OTHER_POSTURE,
    OTHER_GENERATION,
    CHALLENGE_NOT_QUOTED,
    CHALLENGE_STALE,
    CHALLENGE_OF_ANOTHER,
    /// The quote was made for another response key.
    OTHER_RESPONSE_KEY,
    /// A machine that the TCB recovery made out of date, with collateral from before.
    OUT_OF_DATE,
    /// A machine that is revoked, with a list from before.
    REVOKED
  }

  /// Who is robbed where, and how.
  private record Attempt(Machine provider, AccountId at, Manifest victim, Ruse ruse) {
    SharingTerms terms() {
      return victim.terms();
    }
  }

  Intruder(World world) {
    this.world = world;
  }

  /// Tries some ruses on `victim`'s share at `provider`, if that is there.
  boolean intrude(Machine victim, Machine provider) {
    if (!provider.isOpen() || victim.isManifestEdited()) {
      return false;
    }
    Optional<Bytes> manifest = victim.disk.manifest.or(() -> victim.disk.pending);
    if (manifest.isEmpty()) {
      return false;
    }
    AccountId at = provider.account().orElseThrow();
    for (int i = 0; i < RUSES; i++) {
      Ruse ruse = world.chance.of(List.of(Ruse.values()));
      world.trace(provider, "intruder asks for the share of " + victim.name + ": " + ruse);
      ask(new Attempt(provider, at, parse(manifest.get()), ruse));
    }
    return true;
  }

  private static Manifest parse(Bytes manifest) {
    try {
      return Manifest.parse(manifest).manifest();
    } catch (MalformedException e) {
      throw new InvariantError("an honest manifest is readable", e);
    }
  }

  private void ask(Attempt attempt) {
    AccountId account =
        attempt.ruse() == Ruse.CHALLENGE_OF_ANOTHER ? attempt.at() : attempt.terms().depositor();
    Bytes body = new ChallengeRequest(account, attempt.at()).toBytes();
    world.network.knock(
        attempt.provider(), Route.CHALLENGE, "", body, reply -> challenged(attempt, reply));
  }

  private void challenged(Attempt attempt, HttpReply reply) {
    if (!(reply instanceof HttpReply.Answered answered) || answered.status() != 200) {
      return;
    }
    try {
      Bytes challenge = ChallengeAnswer.parse(answered.body()).challenge();
      Duration wait = attempt.ruse() == Ruse.CHALLENGE_STALE ? STALE : Duration.ofSeconds(1);
      world.agenda.after(wait, () -> bring(attempt, challenge));
    } catch (MalformedException e) {
      throw new InvariantError("an honest provider answers", e);
    }
  }

  /// Which collateral goes with the evidence.
  private Vendor.Issue issue(Attempt attempt) {
    return switch (attempt.ruse()) {
      case OUT_OF_DATE, REVOKED -> Vendor.Issue.FIRST;
      case NO_TOKEN,
          OTHER_IMAGE,
          OTHER_POSTURE,
          OTHER_GENERATION,
          CHALLENGE_NOT_QUOTED,
          CHALLENGE_STALE,
          CHALLENGE_OF_ANOTHER,
          OTHER_RESPONSE_KEY ->
          attempt.provider().issue;
    };
  }

  private Vendor.Model model(Ruse ruse) {
    Optional<Vendor.Model> revoked = world.issue().revoked();
    return ruse == Ruse.REVOKED && revoked.isPresent()
        ? revoked.get()
        : new Vendor.Model("intruder", ruse != Ruse.OUT_OF_DATE);
  }

  /// The collateral first, so that the request itself is judged.
  private void bring(Attempt attempt, Bytes challenge) {
    Collateral collateral = world.vendor.collateral(issue(attempt));
    world.network.knock(
        attempt.provider(),
        Route.COLLATERAL_PUSH,
        "/" + collateral.digest().toHex(),
        collateral.toJson(),
        _ -> recover(attempt, challenge, collateral));
  }

  private void recover(Attempt attempt, Bytes challenge, Collateral collateral) {
    Ruse ruse = attempt.ruse();
    try (EnvelopeKeys keys = world.crypto.generateEnvelopeKeys();
        EnvelopeKeys others = world.crypto.generateEnvelopeKeys()) {
      RecoveryRequest.Asked asked = asked(attempt, challenge, keys.publicKey());
      RecoveryRequest.Asked quoted =
          ruse == Ruse.OTHER_RESPONSE_KEY ? asked(attempt, challenge, others.publicKey()) : asked;
      Bytes token =
          ruse == Ruse.NO_TOKEN
              ? world.chance.bytes(DiskToken.SIZE)
              : attempt.victim().token().key();
      DiskToken.Statement statement =
          new DiskToken.Statement(
              asked.account(), asked.provider(), asked.challenge(), asked.responseKey());
      String image = ruse == Ruse.OTHER_IMAGE ? Vendor.OTHER_IMAGE : Vendor.IMAGE;
      Bytes quote = world.vendor.quote(model(ruse), image, quoted.reportData());
      RecoveryRequest request =
          new RecoveryRequest(asked, DiskToken.prove(token, statement), quote, collateral.digest());
      world.network.knock(attempt.provider(), Route.RECOVER, "", request.toBytes(), _ -> {});
    }
  }

  private RecoveryRequest.Asked asked(Attempt attempt, Bytes challenge, EnvelopeKey responseKey) {
    SharingTerms terms = attempt.terms();
    Ruse ruse = attempt.ruse();
    Bytes covered =
        ruse == Ruse.CHALLENGE_NOT_QUOTED ? world.chance.bytes(challenge.size()) : challenge;
    return new RecoveryRequest.Asked(
        terms.depositor(),
        attempt.at(),
        terms.generation() + (ruse == Ruse.OTHER_GENERATION ? 1 : 0),
        ruse == Ruse.OTHER_POSTURE ? world.chance.bytes(Posture.DIGEST_SIZE) : terms.posture(),
        responseKey,
        challenge,
        List.of(ReportData.recoveryEntry(attempt.at(), covered)));
  }
}
