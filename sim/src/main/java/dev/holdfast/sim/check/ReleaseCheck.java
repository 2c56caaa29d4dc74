package dev.holdfast.sim.check;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.RecoveryRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// No share leaves a provider but to evidence that the deposit's own policy accepts at that
/// instant, with a proof of the disk token, over a fresh challenge of this very provider.
public final class ReleaseCheck {
  private static final String NAME = "release";
  private static final Duration CHALLENGE_LIFE = Duration.ofSeconds(60);

  private final AttestationVerifier verifier;
  private final Posture posture;

  public ReleaseCheck(AttestationVerifier verifier, Posture posture) {
    this.verifier = verifier;
    this.posture = posture;
  }

  /// For whom a provider made a challenge, and when.
  public record Issued(AccountId account, Instant at) {}

  /// What the provider that released is known to know.
  ///
  /// @param challenges that its process made
  /// @param own its platform's collateral
  /// @param evaluationNumber the highest under which its own quotes were accepted
  public record Provider(
      AccountId account, Map<Bytes, Issued> challenges, Collateral own, int evaluationNumber) {}

  /// @param held the deposit that the provider held for the account when it was asked
  /// @param shown the collateral that the request names, as the vendor issued it
  public void check(
      Provider provider,
      RecoveryRequest request,
      Optional<Bytes> held,
      Optional<Collateral> shown,
      Instant now) {
    RecoveryRequest.Asked asked = request.asked();
    Violation.unless(asked.provider().equals(provider.account()), NAME, "asked of another");
    Violation.unless(held.isPresent(), NAME, "of a share that is not held");
    Violation.unless(shown.isPresent(), NAME, "under collateral that the vendor never issued");
    SharingTerms terms = terms(held.get());
    Violation.unless(asked.account().equals(terms.depositor()), NAME, "of another account's share");
    Violation.unless(asked.generation() == terms.generation(), NAME, "of another generation");
    Violation.unless(asked.posture().equals(terms.posture()), NAME, "under another posture");
    requireChallenge(provider, asked, now);
    DiskToken.Statement statement =
        new DiskToken.Statement(
            asked.account(), asked.provider(), asked.challenge(), asked.responseKey());
    Violation.unless(
        DiskToken.holds(terms.tokenKey(), statement, request.tokenProof()),
        NAME,
        "without the disk token");
    Bytes reportData = asked.reportData();
    AttestationPolicy own = terms.policy().policy(terms.policy().measurements(), reportData);
    requireAccepted(request, provider, shown.get(), own, now);
    requireAccepted(request, provider, shown.get(), posture.floor().policy(reportData), now);
  }

  private static void requireChallenge(
      Provider provider, RecoveryRequest.Asked asked, Instant now) {
    Issued issued = provider.challenges().get(asked.challenge());
    Violation.unless(issued != null, NAME, "over a challenge that this process never made");
    if (issued != null) {
      Violation.unless(issued.account().equals(asked.account()), NAME, "over another's challenge");
      boolean fresh = !now.isAfter(issued.at().plus(CHALLENGE_LIFE));
      Violation.unless(fresh, NAME, "over a stale challenge");
    }
    Bytes entry = ReportData.recoveryEntry(asked.provider(), asked.challenge());
    Violation.unless(asked.entries().contains(entry), NAME, "to a quote over other challenges");
  }

  private void requireAccepted(
      RecoveryRequest request,
      Provider provider,
      Collateral shown,
      AttestationPolicy policy,
      Instant now) {
    int least = provider.evaluationNumber();
    Verdict verdict =
        verifier
            .appraise(request.quote(), shown, Optional.of(provider.own()), now)
            .judge(least > 0 ? policy.withMinEvaluationNumber(least) : policy);
    if (verdict instanceof Verdict.Rejected rejected) {
      throw new Violation(
          NAME, "to refused evidence: " + rejected.reason().code() + " " + rejected.detail());
    }
  }

  private static SharingTerms terms(Bytes entry) {
    try (SecretBytes bytes = SecretBytes.take(entry.toArray());
        DepositParcel parcel = DepositParcel.parse(bytes)) {
      return parcel.deposit().terms();
    } catch (MalformedException e) {
      throw new Violation(NAME, "of an entry that is no deposit: " + e.getMessage());
    }
  }
}
