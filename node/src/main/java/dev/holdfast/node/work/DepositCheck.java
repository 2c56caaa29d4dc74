package dev.holdfast.node.work;

import dev.holdfast.attestation.Verdict;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.EnvelopeException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.Input;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.ReleasePolicy;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.message.Deposit;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.DepositRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Function;

/// Judges one deposit request.
///
/// Spec: docs/spec/protocol.md#deposit-checks
final class DepositCheck {
  private final Tools tools;
  private final GateContext context;
  private final GateContext.Open open;

  DepositCheck(Tools tools, GateContext context, GateContext.Open open) {
    this.tools = tools;
    this.context = context;
    this.open = open;
  }

  Admission check(ExchangeId exchange, Bytes body, Instant now)
      throws MalformedException, Refusal, IOException {
    DepositRequest request = DepositRequest.parse(body);
    Gate.requireSelf(open, request.provider());
    Gate.requireMember(context, request.depositor());
    try (SecretBytes plaintext = openEnvelope(request)) {
      DepositParcel parcel = DepositParcel.parse(plaintext);
      boolean kept = false;
      try (Holding holding = Holding.read(open.ledger(), request.depositor())) {
        requireOwnWord(request, parcel);
        requireConsistent(parcel);
        if (holding.has(plaintext)) {
          kept = true;
          return new Admission.Admitted(new Input.DepositRepeated(exchange, parcel));
        }
        requireNew(request, parcel, holding, now);
        kept = true;
        long generation = parcel.deposit().terms().generation();
        return new Admission.Admitted(
            new Input.DepositOffered(
                exchange, parcel, holding.taking(plaintext.copy(), generation)));
      } catch (Refusal refusal) {
        throw parcel.isSigned(tools.crypto()) ? reported(refusal, request) : refusal;
      } finally {
        if (!kept) {
          parcel.close();
        }
      }
    }
  }

  private SecretBytes openEnvelope(DepositRequest request) throws Refusal {
    Bytes info = DepositRequest.info(request.depositor(), request.provider(), request.challenge());
    try {
      return tools.crypto().open(tools.envelopeKeys(), info, Bytes.EMPTY, request.sealed());
    } catch (EnvelopeException e) {
      throw Refusal.of(ProblemCode.ENVELOPE_NOT_OPENED);
    }
  }

  /// Only what the member itself said is worth a line in a log.
  private static Refusal reported(Refusal refusal, DepositRequest request) {
    return refusal.reportedAs(
        new Input.GateRefused.OfDeposit(request.depositor(), refusal.problem().code()));
  }

  private void requireOwnWord(DepositRequest request, DepositParcel parcel) throws Refusal {
    Deposit deposit = parcel.deposit();
    SharingTerms terms = deposit.terms();
    if (!terms.depositor().equals(request.depositor())
        || !deposit.provider().equals(request.provider())) {
      throw Refusal.of(ProblemCode.MALFORMED_MESSAGE, "the deposit is from or for another account");
    }
    if (!parcel.isSigned(tools.crypto())) {
      throw Refusal.of(ProblemCode.SIGNATURE_INVALID);
    }
  }

  /// What must hold of every deposit, also of one that is here already.
  private void requireConsistent(DepositParcel parcel) throws Refusal {
    SharingTerms terms = parcel.deposit().terms();
    if (!terms.posture().equals(tools.postureDigest())) {
      throw Refusal.of(ProblemCode.POSTURE_MISMATCH, "this provider runs under another posture");
    }
    if (!terms.policy().floor().isWithin(tools.posture().floor())) {
      throw Refusal.of(ProblemCode.POLICY_TOO_WIDE);
    }
    if (!parcel.isCommitted()) {
      throw Refusal.of(ProblemCode.SHARE_INVALID);
    }
  }

  private void requireNew(
      DepositRequest request, DepositParcel parcel, Holding holding, Instant now) throws Refusal {
    Gate.requireChallenge(tools, request.challenge(), request.depositor(), now);
    SharingTerms terms = parcel.deposit().terms();
    Bytes own = ReportData.depositEntry(request.provider(), request.challenge(), parcel.digest());
    if (!request.entries().contains(own)) {
      throw Refusal.of(ProblemCode.CHALLENGE_NOT_COVERED);
    }
    Bytes reportData =
        ReportData.deposit(
            terms.posture(), request.depositor(), terms.generation(), request.entries());
    PresentEvidence appraisal =
        tools.appraise(
            request.quote(), Gate.requireCollateral(tools, request.collateralDigest()), now);
    if (tools.statements().forDeposit(terms.policy(), now).isEmpty()) {
      throw Refusal.of(ProblemCode.STATEMENT_EXPIRED);
    }
    if (appraisal.judge(tools.forDeposit(terms.policy(), reportData, now))
        instanceof Verdict.Rejected rejected) {
      throw Refusal.of(ProblemCode.EVIDENCE_REFUSED, Tools.describe(rejected));
    }
    requireOrigin(terms);
    if (terms.generation() < holding.retired()) {
      throw Refusal.of(ProblemCode.GENERATION_RETIRED);
    }
    requireSuccessor(
        parcel.deposit(),
        holding,
        policy -> appraisal.judge(tools.forDeposit(policy, reportData, now)));
    if (holding.isEmpty() && open.ledger().count() >= Limits.DEPOSITS_PER_PROVIDER) {
      throw Refusal.of(ProblemCode.QUOTA_EXCEEDED);
    }
  }

  private void requireOrigin(SharingTerms terms) throws Refusal {
    Origin origin = terms.origin();
    Verdict verdict =
        tools
            .appraiseAlone(
                origin.quote(),
                Gate.requireCollateral(tools, origin.collateralDigest()),
                origin.birth().at())
            .judge(tools.forOrigin(terms.policy(), terms.originReportData()));
    if (verdict instanceof Verdict.Rejected rejected) {
      throw Refusal.of(ProblemCode.ORIGIN_REFUSED, Tools.describe(rejected));
    }
  }

  /// Only forward, and only with evidence that the deposits already held accept.
  private static void requireSuccessor(
      Deposit next, Holding holding, Function<ReleasePolicy, Verdict> judge) throws Refusal {
    if (holding.deposit().isPresent()) {
      requireSuccessor(next, Holding.describe(holding.deposit().get()), judge);
    }
    if (!holding.isOf(next.terms().generation()) && holding.pending().isPresent()) {
      requireSuccessor(next, Holding.describe(holding.pending().get()), judge);
    }
  }

  private static void requireSuccessor(
      Deposit next, Deposit previous, Function<ReleasePolicy, Verdict> judge) throws Refusal {
    if (next.terms().generation() < previous.terms().generation()) {
      throw Refusal.of(ProblemCode.GENERATION_WENT_BACK);
    }
    if (next.instance() < previous.instance()
        || (next.instance() == previous.instance()
            && next.terms().generation() == previous.terms().generation())) {
      throw Refusal.of(ProblemCode.INSTANCE_WENT_BACK);
    }
    Verdict verdict = judge.apply(previous.terms().policy());
    if (verdict instanceof Verdict.Rejected rejected) {
      throw Refusal.of(ProblemCode.OVERWRITE_REFUSED, Tools.describe(rejected));
    }
  }
}
