package dev.holdfast.node.work;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.EnvelopeException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.crypto.SharingException;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.Outcome;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.model.Task;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.ReleasePolicy;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.SignedRecord;
import dev.holdfast.protocol.custody.Custody;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.manifest.Manifest;
import java.time.Instant;
import java.util.Optional;

/// Does the tasks.
final class TaskWork {
  private final Tools tools;

  TaskWork(Tools tools) {
    this.tools = tools;
  }

  Outcome perform(Task task, Instant now) {
    return switch (task) {
      case Task.JudgeRecord judge -> judgeRecord(judge, now);
      case Task.JudgeOwnQuote judge -> settled(judgeOwnQuote(judge, now));
      case Task.OpenApproval open -> settled(openApproval(open));
      case Task.Unlock unlock -> settled(unlock(unlock));
    };
  }

  /// What a task comes to when the collateral that it waited for did not come.
  Outcome settleWithout(Task task, Setback setback) {
    if (!(task instanceof Task.JudgeRecord judge)) {
      throw new InvariantError("only records wait for collateral");
    }
    try {
      SignedRecord record = SignedRecord.parse(judge.record());
      return judged(judge, new Input.Judgement.Doubtful(record, setback));
    } catch (MalformedException e) {
      throw new InvariantError("it was parsed before", e);
    }
  }

  private Outcome judgeRecord(Task.JudgeRecord task, Instant now) {
    SignedRecord record;
    try {
      record = SignedRecord.parse(task.record());
    } catch (MalformedException e) {
      return judged(
          task,
          new Input.Judgement.Worthless(
              "?", Setback.of(ProblemCode.MALFORMED_MESSAGE, Setback.words(e))));
    }
    if (!record.isSigned(tools.crypto())) {
      return judged(
          task,
          new Input.Judgement.Worthless(
              record.record().account().toString(),
              Setback.of(ProblemCode.SIGNATURE_INVALID, "the record is not signed by it")));
    }
    if (!record.record().posture().equals(tools.postureDigest())) {
      return judged(
          task,
          new Input.Judgement.Doubtful(
              record, Setback.of(ProblemCode.POSTURE_MISMATCH, "it runs under another posture")));
    }
    Optional<Collateral> collateral = tools.shelf().find(record.collateralDigest());
    if (collateral.isEmpty()) {
      return new Outcome.Follow(
          new Call.FetchCollateral(
              record.record().endpoint(), record.collateralDigest(), new Call.Pending.Work(task)));
    }
    Bytes reportData = ReportData.memberRecord(tools.postureDigest(), record.recordBytes());
    AttestationPolicy policy = tools.posture().floor().policy(reportData);
    Verdict verdict = tools.appraise(record.quote(), collateral.get(), now).judge(policy);
    return judged(
        task,
        switch (verdict) {
          case Verdict.Accepted accepted -> new Input.Judgement.Verified(record, accepted.claims());
          case Verdict.Rejected rejected -> new Input.Judgement.Doubtful(record, refused(rejected));
        });
  }

  /// Right report data alone says nothing: the host sees it, and can have another VM quote it.
  private Input judgeOwnQuote(Task.JudgeOwnQuote task, Instant now) {
    ReleasePolicy own = tools.ownImage();
    AttestationPolicy policy = own.policy(own.measurements(), task.reportData());
    Verdict verdict = tools.appraiseAlone(task.quote(), task.collateral(), now).judge(policy);
    return switch (verdict) {
      case Verdict.Accepted accepted -> {
        tools.evaluationNumbers().learn(accepted);
        yield new Input.OwnQuoteJudged(task.ticket(), task.quote(), accepted.claims());
      }
      case Verdict.Rejected rejected -> new Input.OwnQuoteRefused(task.ticket(), refused(rejected));
    };
  }

  /// The origin first: a key that no genuine VM drew is not even put together.
  private Input unlock(Task.Unlock task) {
    Manifest manifest = task.manifest().manifest();
    SharingTerms terms = manifest.terms();
    AttestationPolicy policy = tools.forOrigin(ownOrigin(terms), terms.originReportData());
    Verdict verdict =
        tools
            .appraiseAlone(
                terms.origin().quote(), manifest.originCollateral(), terms.origin().birth().at())
            .judge(policy);
    if (verdict instanceof Verdict.Rejected rejected) {
      return new Input.UnlockFailed(
          Setback.of(ProblemCode.ORIGIN_REFUSED, Tools.describe(rejected)));
    }
    try {
      return checkKey(combine(task), task.manifest());
    } catch (SharingException e) {
      return new Input.UnlockFailed(Setback.lasting(Setback.WRONG_SHARE, Setback.words(e)));
    }
  }

  private static SecretBytes combine(Task.Unlock task) throws SharingException {
    SharingTerms terms = task.manifest().manifest().terms();
    return switch (task.sharers()) {
      case PROVIDERS ->
          Sharing.combine(
              task.shares(), terms.threshold().k(), terms.commitments(), terms.context());
      case CUSTODIANS -> {
        Custody.Terms custody = task.manifest().manifest().custody().orElseThrow().terms();
        yield Sharing.combine(
            task.shares(), custody.threshold(), custody.commitments(), Custody.context(terms));
      }
    };
  }

  /// A share that the manifest does not commit to is nobody's: it would spoil the others.
  private Input openApproval(Task.OpenApproval task) {
    CustodyApproval approval = task.approval();
    Optional<Integer> index = task.custody().index(approval.custodian());
    if (index.isEmpty()) {
      return refused(approval, "it is of no custodian of this node");
    }
    try {
      Share share = new Share(index.get(), approval.open(tools.crypto(), task.keys()));
      try {
        Sharing.check(share, task.custody().terms().commitments(), Custody.context(task.terms()));
      } catch (SharingException e) {
        share.close();
        return refused(approval, Setback.words(e));
      }
      return new Input.ApprovalJudged.Accepted(approval, share);
    } catch (EnvelopeException e) {
      return refused(approval, "it was not sealed to this run of this node, or was changed");
    }
  }

  private static Input refused(CustodyApproval approval, String detail) {
    return new Input.ApprovalJudged.Refused(
        approval, Setback.lasting(Setback.APPROVAL_REFUSED, detail));
  }

  /// This very image, or, under a deposit that heeds statements, what they say. What the manifest
  /// itself names counts for nothing: the host can write it.
  private ReleasePolicy ownOrigin(SharingTerms terms) {
    return terms
        .policy()
        .statements()
        .filter(_ -> !tools.posture().safeguards().releaseKeys().isNone())
        .map(rule -> tools.ownImage().withStatements(rule.role()))
        .orElse(tools.ownImage());
  }

  /// Takes `rootKey` over.
  private static Input checkKey(SecretBytes rootKey, Manifest.Received manifest) {
    SharingTerms terms = manifest.manifest().terms();
    Bytes commitment = Origin.commitment(rootKey, terms.depositor(), terms.storeId());
    if (!commitment.equals(terms.origin().birth().rootKeyCommitment())) {
      rootKey.close();
      return new Input.UnlockFailed(
          Setback.of(
              ProblemCode.ORIGIN_REFUSED, "the shares give another key than the origin names"));
    }
    if (!manifest.isGenuine(rootKey)) {
      rootKey.close();
      return new Input.UnlockFailed(
          Setback.lasting(
              Setback.MANIFEST_CHANGED, "the manifest was changed since this node wrote it"));
    }
    return new Input.Unlocked(rootKey);
  }

  private static Setback refused(Verdict.Rejected rejected) {
    return Setback.of(ProblemCode.EVIDENCE_REFUSED, Tools.describe(rejected));
  }

  private static Outcome judged(Task.JudgeRecord task, Input.Judgement judgement) {
    return settled(new Input.MemberJudged(task.record().sha256(), judgement));
  }

  private static Outcome settled(Input input) {
    return new Outcome.Settled(input);
  }
}
