package dev.holdfast.node;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.context.Backoff;
import dev.holdfast.node.context.NodeConfig;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.MemberRecord;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.SignedRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Makes and publishes the node's member record: once a run, and again when its collateral changes.
final class Presence {
  private final NodeContext context;
  private final Quotes quotes;
  private final Backoff backoff;
  private boolean underWay;

  /// Digests of the collateral under which the record was last quoted and last published.
  private Optional<Bytes> quoted = Optional.empty();

  private Optional<Bytes> published = Optional.empty();
  private Optional<Instant> nextTry = Optional.empty();
  private Optional<Setback> setback = Optional.empty();
  private Optional<Bytes> record = Optional.empty();

  Presence(NodeContext context, Quotes quotes) {
    this.context = context;
    this.quotes = quotes;
    this.backoff = context.backoff();
  }

  /// The bytes of the node's own signed record, once there is one.
  Optional<Bytes> record() {
    return record;
  }

  boolean isPublished() {
    return published.isPresent();
  }

  Optional<Setback> setback() {
    return setback;
  }

  Optional<Instant> wakeAt() {
    return isPossible() ? nextTry : Optional.empty();
  }

  void advance() {
    if (!isPossible() || (nextTry.isPresent() && !context.isDue(nextTry))) {
      return;
    }
    Collateral collateral = context.collateral().orElseThrow();
    if (published.equals(Optional.of(collateral.digest()))) {
      return;
    }
    underWay = true;
    MemberRecord next = describe();
    Bytes reportData = ReportData.memberRecord(context.postureDigest, next.toBytes());
    quotes.askJudged(reportData, result -> quoted(result, next, collateral));
  }

  private boolean isPossible() {
    return !underWay && context.opened().isPresent() && context.collateral().isPresent();
  }

  private MemberRecord describe() {
    Identity identity = context.identity();
    NodeConfig config = context.config;
    return new MemberRecord(
        identity.account(),
        context.workshop.envelopeKey(),
        config.endpoint(),
        config.labels(),
        config.image(),
        context.postureDigest,
        identity.instance(),
        context.now().truncatedTo(ChronoUnit.MILLIS));
  }

  private void quoted(Quotes.Result result, MemberRecord next, Collateral collateral) {
    switch (result) {
      case Quotes.Result.Judged judged -> {
        SignedRecord signed =
            SignedRecord.sign(
                context.workshop.crypto(),
                context.identity().key(),
                next,
                judged.quote(),
                collateral.digest());
        record = Optional.of(signed.toBytes());
        quoted = Optional.of(collateral.digest());
        context.emit(new Effect.PublishRecord(next.account(), next.endpoint(), signed.toBytes()));
      }
      case Quotes.Result.Failed failed -> retry(failed.setback());
      case Quotes.Result.Made _ -> throw new InvariantError("a record's quote is judged");
    }
  }

  void wasPublished() {
    underWay = false;
    published = quoted;
    setback = Optional.empty();
    nextTry = Optional.empty();
    backoff.reset();
    context.report(new Event.RecordPublished(context.identity().instance()));
  }

  void wasNotPublished(String detail) {
    retry(Setback.passing("record-not-published", detail));
  }

  private void retry(Setback why) {
    underWay = false;
    setback = Optional.of(why);
    nextTry = Optional.of(backoff.next(context.now()));
    context.report(new Event.Failed(why));
  }
}
