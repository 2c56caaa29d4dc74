package dev.holdfast.node.work;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.EnvelopeException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.crypto.SharingException;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.message.NoDeposit;
import dev.holdfast.protocol.message.RecoveryRequest;
import dev.holdfast.protocol.message.Release;
import dev.holdfast.protocol.message.ReleaseAnswer;
import dev.holdfast.protocol.message.ReleaseParcel;
import dev.holdfast.protocol.run.Witness;

/// Judges the answer of one provider to a recovery: who signed it, for which request, and whether
/// the share is the one that was committed to.
final class ReleaseJudge {
  private final Tools tools;

  ReleaseJudge(Tools tools) {
    this.tools = tools;
  }

  Reply judge(Call.AskRelease ask, Bytes body) throws MalformedException {
    RecoveryRequest.Asked asked = ask.request().asked();
    Bytes requestBytes = ask.request().toBytes();
    Bytes info = RecoveryRequest.answerInfo(asked.provider(), asked.account(), requestBytes);
    Bytes sealed = ReleaseAnswer.parse(body).sealed();
    try (SecretBytes plaintext = tools.crypto().open(ask.keys(), info, Bytes.EMPTY, sealed);
        ReleaseParcel parcel = ReleaseParcel.parse(plaintext)) {
      if (!parcel.isSigned(tools.crypto())
          || !parcel.release().provider().equals(asked.provider())) {
        return failed(Setback.WRONG_SIGNER, "the answer is not signed by the provider");
      }
      if (parcel.release().witness().filter(witness -> !isOwn(ask, witness)).isPresent()) {
        return failed(Setback.ANSWER_MALFORMED, "its witness is not signed by this account");
      }
      return judge(ask, parcel, requestBytes.sha256());
    } catch (EnvelopeException e) {
      return failed(Setback.ANSWER_MALFORMED, Setback.words(e));
    }
  }

  /// A refusal; only a signed word that nothing is held counts as more than that.
  Reply refused(Call.AskRelease ask, Problem problem) {
    RecoveryRequest.Asked asked = ask.request().asked();
    NoDeposit statement =
        new NoDeposit(asked.provider(), asked.account(), ask.request().toBytes().sha256());
    boolean stated =
        problem.code() == ProblemCode.UNKNOWN_ACCOUNT
            && problem
                .statement()
                .filter(signed -> statement.isStatedBy(signed, tools.crypto()))
                .isPresent();
    Setback setback = Setback.of(problem);
    return stated ? new Reply.NothingHeld(setback) : new Reply.Failed(setback);
  }

  private static Reply judge(Call.AskRelease ask, ReleaseParcel parcel, Bytes requestDigest) {
    Release release = parcel.release();
    SharingTerms terms = ask.manifest().terms();
    if (!release.account().equals(terms.depositor())
        || release.generation() != terms.generation()
        || !release.requestDigest().equals(requestDigest)) {
      return failed(Setback.ANSWER_MALFORMED, "the answer is to another request");
    }
    if (!release.commitmentsDigest().equals(terms.commitmentsDigest())) {
      return failed(
          Setback.COMMITMENTS_DIFFER, "it holds a share of another sharing than the manifest");
    }
    if (!isHolder(ask, release)) {
      return failed(Setback.WRONG_SHARE, "it sent share " + release.index() + ", not its own");
    }
    Share share = new Share(release.index(), parcel.share().copy());
    try {
      Sharing.check(share, terms.commitments(), terms.context());
      return new Reply.Released(share, release.instance(), release.witness());
    } catch (SharingException e) {
      share.close();
      return failed(Setback.WRONG_SHARE, Setback.words(e));
    }
  }

  private boolean isOwn(Call.AskRelease ask, Witness.Signed witness) {
    return witness.witness().account().equals(ask.request().asked().account())
        && witness.isSigned(tools.crypto());
  }

  private static boolean isHolder(Call.AskRelease ask, Release release) {
    return ask.manifest().holders().stream()
        .filter(holder -> holder.account().equals(release.provider()))
        .mapToInt(Holder::index)
        .anyMatch(index -> index == release.index());
  }

  private static Reply failed(String code, String detail) {
    return new Reply.Failed(Setback.passing(code, detail));
  }
}
