package dev.holdfast.node.work;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Claims;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.EnvelopeException;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.crypto.SharingException;
import dev.holdfast.protocol.ReleasePolicy;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.custody.CustodianKey;
import dev.holdfast.protocol.custody.Custody;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.custody.CustodyParcel;
import dev.holdfast.protocol.custody.CustodyRequest;
import dev.holdfast.protocol.posture.KeyQuorum;
import dev.holdfast.protocol.run.StoreMark;
import java.time.Instant;
import java.util.Optional;

/// A custodian's judgement of what a locked node asks, without a network: as strict as a provider's
/// of a recovery, and by the same verifier and policy.
///
/// Threat: whoever carries the request wrote it. What binds it is the custodian's own envelope: the
/// terms in it are those under which the root key was shared, or it does not approve.
///
/// Spec: docs/spec/custody.md#review
public final class CustodianReview {
  private final Crypto crypto;
  private final AttestationVerifier verifier;
  private final CustodyRequest request;

  public CustodianReview(Crypto crypto, AttestationVerifier verifier, CustodyRequest request) {
    this.crypto = crypto;
    this.verifier = verifier;
    this.request = request;
  }

  /// What a custodian remembers of an account: the latest that it approved, 0 for nothing.
  public record Remembered(long generation, long storeVersion, long ledgerVersion, long statement) {
    public static final Remembered NOTHING = new Remembered(0, 0, 0, 0);

    /// This, with what was just approved. Nothing of it goes down but the versions of a store that
    /// the custodian was told to accept.
    public Remembered after(CustodyRequest request, Evidence evidence) {
      StoreMark mark = request.asked().mark();
      return new Remembered(
          Math.max(generation, request.terms().generation()),
          mark.storeVersion(),
          mark.ledgerVersion(),
          Math.max(statement, evidence.statement()));
    }

    /// What is older in `request` than what was approved before, in words.
    private Optional<String> older(CustodyRequest request) {
      StoreMark mark = request.asked().mark();
      boolean behind =
          request.terms().generation() < generation
              || mark.storeVersion() < storeVersion
              || mark.ledgerVersion() < ledgerVersion;
      return behind
          ? Optional.of(
              "generation %d, version %d (ledger %d) was approved here before; this is generation"
                      .formatted(generation, storeVersion, ledgerVersion)
                  + " %d, %s".formatted(request.terms().generation(), mark))
          : Optional.empty();
    }
  }

  /// The request was not made by a VM that may have the key.
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    RefusedException(String code, String detail) {
      super(detail);
      this.code = code;
    }

    /// The stable code.
    public String code() {
      return code;
    }
  }

  /// What the evidence of an acceptable request shows.
  ///
  /// @param origin the VM that drew the key
  /// @param asking the VM that wants it
  public record Evidence(Claims origin, Claims asking, long statement) {}

  /// Judges all that can be judged without the custodian's key.
  ///
  /// @param acceptOlder a person was asked, and said that the loss is known
  public Evidence evidence(Instant now, Remembered remembered, boolean acceptOlder)
      throws RefusedException {
    SharingTerms terms = request.terms();
    KeyQuorum quorum = request.posture().safeguards().custodians();
    Custody custody = request.custody();
    if (!verifier.anchor().digest().equals(request.posture().trustAnchor())) {
      throw new RefusedException(
          "trust-anchor-mismatch",
          "the fleet's evidence ends in another root certificate than is trusted here");
    }
    if (!custody.custodians().equals(quorum.keys())
        || custody.terms().threshold() != quorum.threshold()) {
      throw new RefusedException(
          "custodians-mismatch", "the shares are for others than the custodians of the posture");
    }
    Optional<String> older = remembered.older(request);
    if (older.isPresent() && !acceptOlder) {
      throw new RefusedException("store-old", older.get());
    }
    StatementShelf statements = statements(remembered);
    ReleasePolicy policy = terms.policy();
    Claims origin =
        accepted(
            "origin-refused",
            verifier
                .appraise(
                    terms.origin().quote(), request.originCollateral(), terms.origin().birth().at())
                .judge(policy.policy(statements.forOrigin(policy), terms.originReportData())));
    AttestationPolicy release =
        policy.policy(statements.forRelease(policy, now), request.reportData());
    Claims asking =
        accepted(
            "evidence-refused",
            verifier
                .appraise(request.shown().quote(), request.shown().collateral(), now)
                .judge(release));
    return new Evidence(origin, asking, statements.serial());
  }

  /// A carrier that leaves the latest statement out must not bring back an image that it took out.
  private StatementShelf statements(Remembered remembered) throws RefusedException {
    StatementShelf shelf = new StatementShelf(crypto, request.posture());
    Optional<Bytes> shown = request.shown().statement();
    if (shown.isPresent() && !shelf.offer(shown.get())) {
      throw new RefusedException(
          "statement-refused", "too few of the posture's release keys signed the statement");
    }
    if (shelf.serial() < remembered.statement()) {
      throw new RefusedException(
          "statement-old",
          "release statement %d was seen here before, the request has %d"
              .formatted(remembered.statement(), shelf.serial()));
    }
    return shelf;
  }

  private static Claims accepted(String code, Verdict verdict) throws RefusedException {
    return switch (verdict) {
      case Verdict.Accepted accepted -> accepted.claims();
      case Verdict.Rejected rejected -> throw new RefusedException(code, Tools.describe(rejected));
    };
  }

  /// The custodian's share, sealed to the VM that asked. Only after [#evidence].
  public CustodyApproval approve(EnvelopeKeys mine) throws RefusedException {
    Bytes fingerprint = new CustodianKey(mine.publicKey()).fingerprint();
    Custody custody = request.custody();
    int index =
        custody
            .index(fingerprint)
            .orElseThrow(() ->
                new RefusedException(
                    "not-a-custodian", "this key is none of the custodians of this node"));
    Bytes sealed = custody.shares().get(index - 1).share();
    try (SecretBytes plaintext =
            crypto.open(mine, Custody.info(request.terms(), fingerprint), Bytes.EMPTY, sealed);
        CustodyParcel parcel = CustodyParcel.parse(plaintext)) {
      if (!parcel.terms().equals(custody.terms().digest(request.terms()))) {
        throw new RefusedException(
            "terms-changed", "the share was given under other terms than the request says");
      }
      Sharing.check(
          new Share(index, parcel.share()),
          custody.terms().commitments(),
          Custody.context(request.terms()));
      return CustodyApproval.seal(crypto, request, fingerprint, parcel.share());
    } catch (EnvelopeException e) {
      throw new RefusedException(
          "share-changed", "the share was not sealed to this key for this account, or was changed");
    } catch (MalformedException | SharingException e) {
      throw new RefusedException("share-changed", String.valueOf(e.getMessage()));
    }
  }
}
