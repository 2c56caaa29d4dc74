package dev.holdfast.node;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.Share;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.model.CustodyStatus;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.model.Task;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.custody.Custody;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.custody.CustodyRequest;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.protocol.run.StoreMark;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The other way to the root key, beside the providers: people carry a request to the custodians
/// and their approvals back. A request is made when it is asked for; approvals are good for this
/// run only, since their envelopes open with its key.
///
/// Spec: docs/spec/custody.md
final class CustodyPath {
  private final NodeContext context;
  private final Quotes quotes;
  private final Effect.StoreName store;
  private final Manifest manifest;
  private final Custody custody;
  private final EnvelopeKeys responseKeys;
  private final Map<Bytes, Share> shares = new TreeMap<>();
  private Optional<CustodyRequest.Asked> asked = Optional.empty();
  private boolean wanted;
  private boolean asking;
  private boolean closed;
  private int opening;
  private long requested;
  private long judged;
  private Optional<CustodyRequest> request = Optional.empty();
  private Optional<Setback> setback = Optional.empty();
  private Optional<Setback> refusal = Optional.empty();

  /// @param responseKeys stay the recovery's
  CustodyPath(
      NodeContext context,
      Quotes quotes,
      Effect.StoreName store,
      Manifest manifest,
      Custody custody,
      EnvelopeKeys responseKeys) {
    this.context = context;
    this.quotes = quotes;
    this.store = store;
    this.manifest = manifest;
    this.custody = custody;
    this.responseKeys = responseKeys;
  }

  CustodyStatus status() {
    return new CustodyStatus(
        threshold(),
        custody.shares().size(),
        shares.size(),
        requested,
        request,
        setback,
        judged,
        refusal);
  }

  private int threshold() {
    return custody.terms().threshold();
  }

  boolean haveEnough() {
    return shares.size() >= threshold();
  }

  /// Exactly as many as are needed.
  List<Share> enough() {
    return shares.values().stream().limit(threshold()).toList();
  }

  /// True while something under way needs the response keys.
  boolean isOpening() {
    return opening > 0;
  }

  void ask() {
    wanted = true;
  }

  void advance() {
    if (wanted && !asking && context.collateral().isPresent()) {
      wanted = false;
      asking = true;
      context.emit(new Effect.PeekStore(store));
    }
  }

  /// Approvals are for the store that was shown: for another, all begins anew.
  void peeked(StoreMark mark) {
    if (shown().filter(mark::equals).isEmpty()) {
      drop();
      asked =
          Optional.of(
              new CustodyRequest.Asked(
                  context.randomBytes(CustodyRequest.Asked.REQUEST_ID_SIZE),
                  responseKeys.publicKey(),
                  mark));
    }
    CustodyRequest.Asked present = asked.orElseThrow();
    Collateral collateral = context.collateral().orElseThrow();
    quotes.askJudged(
        CustodyRequest.reportData(manifest.terms(), custody, present),
        result -> quoted(result, present, collateral));
  }

  void notPeeked(String detail) {
    notAsked(Setback.passing(Setback.STORE_FAILED, detail));
  }

  Optional<StoreMark> shown() {
    return asked.map(CustodyRequest.Asked::mark);
  }

  private void quoted(Quotes.Result result, CustodyRequest.Asked present, Collateral collateral) {
    switch (result) {
      case Quotes.Result.Judged made -> {
        asking = false;
        requested++;
        setback = Optional.empty();
        request = Optional.of(request(present, made.quote(), collateral));
      }
      case Quotes.Result.Failed failed -> notAsked(failed.setback());
      case Quotes.Result.Made _ -> throw new InvariantError("a request's quote is judged");
    }
  }

  private CustodyRequest request(CustodyRequest.Asked present, Bytes quote, Collateral collateral) {
    return new CustodyRequest(
        context.config.posture(),
        manifest.terms(),
        custody,
        manifest.originCollateral(),
        present,
        new CustodyRequest.Shown(quote, collateral, context.workshop.statements().bytes()));
  }

  private void notAsked(Setback why) {
    asking = false;
    requested++;
    request = Optional.empty();
    setback = Optional.of(why);
    context.report(new Event.Failed(why));
  }

  void brought(CustodyApproval approval) {
    if (!isAnswer(approval)) {
      refuseLate();
      return;
    }
    opening++;
    context.emit(
        new Effect.Perform(
            new Task.OpenApproval(approval, custody, manifest.terms(), responseKeys)));
  }

  private void refuseLate() {
    refuse(
        Setback.lasting(
            Setback.APPROVAL_REFUSED,
            "it answers another request than this run's latest for this store"));
  }

  /// To the present request: the store that was shown may have become another meanwhile.
  private boolean isAnswer(CustodyApproval approval) {
    SharingTerms terms = manifest.terms();
    return asked
        .map(
            here -> new CustodyApproval.To(terms.depositor(), terms.generation(), here.requestId()))
        .filter(approval.to()::equals)
        .isPresent();
  }

  void judged(Input.ApprovalJudged input) {
    opening--;
    Bytes custodian = input.approval().custodian();
    switch (input) {
      case Input.ApprovalJudged.Accepted accepted -> {
        if (isAnswer(accepted.approval())) {
          accept(custodian, accepted.share());
        } else {
          accepted.share().close();
          refuseLate();
        }
      }
      case Input.ApprovalJudged.Refused no -> refuse(no.setback());
    }
  }

  /// The same share again changes nothing.
  private void accept(Bytes custodian, Share share) {
    judged++;
    refusal = Optional.empty();
    if (closed || shares.containsKey(custodian)) {
      share.close();
      return;
    }
    shares.put(custodian, share);
    context.report(new Event.CustodianApproved(custodian, shares.size(), threshold()));
  }

  private void refuse(Setback why) {
    judged++;
    context.report(new Event.Failed(why));
    refusal = Optional.of(why);
  }

  /// They gave no key that opens this store: the providers are asked on.
  void drop() {
    shares.values().forEach(Share::close);
    shares.clear();
  }

  void close() {
    closed = true;
    drop();
  }
}
