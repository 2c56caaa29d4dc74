package dev.holdfast.node.provider;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.log.LogFact.Kind;
import dev.holdfast.node.model.Answer;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.LedgerEntry;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.run.Ballot;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.ClaimAnswer;
import dev.holdfast.protocol.run.RunRecord;
import dev.holdfast.protocol.run.Witness;
import dev.holdfast.protocol.run.WitnessAck;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a node does, as a provider, for the runs of others: keeps the highest claim and the latest
/// witness of each, and says for how long the run before may still believe in its lease.
///
/// When a run was last confirmed is only known since this process started; where it is not, a whole
/// lease is assumed.
///
/// Spec: docs/spec/protocol.md#claims
public final class RunKeeper {
  public static final int REMEMBERED = 65_536;

  private final NodeContext context;
  private final Scribe scribe;
  private final Runnable ledgerMoved;
  private final Map<AccountId, Seen> seen = new LinkedHashMap<>();

  /// `free`: when nobody but `ballot` can believe any more that it is confirmed here.
  private record Seen(Ballot ballot, Instant confirmedAt, Instant free) {}

  public RunKeeper(NodeContext context, Scribe scribe, Runnable ledgerMoved) {
    this.context = context;
    this.scribe = scribe;
    this.ledgerMoved = ledgerMoved;
  }

  public void claimAsked(Input.ClaimAsked asked) {
    RunRecord record = RunRecord.ofLedger(asked.held());
    Claim claim = asked.claim().claim();
    if (isOvertaken(claim)) {
      refuse(asked.exchange(), ProblemCode.BUSY);
      return;
    }
    boolean same =
        record
            .claim()
            .filter(held -> held.claim().ballot().equals(claim.ballot()))
            .filter(held -> held.claim().resigned() == claim.resigned())
            .isPresent();
    Instant free = free(record, claim.ballot());
    if (same) {
      confirm(asked, record, free);
      return;
    }
    RunRecord next = record.with(asked.claim());
    scribe.writeLogged(
        change(asked.exchange(), claim.account(), asked.held(), next),
        Kind.CLAIM,
        "instance " + claim.ballot().instance() + (claim.resigned() ? " resigned" : ""),
        result ->
            written(
                asked.exchange(),
                result,
                () -> {
                  ledgerMoved.run();
                  confirm(asked, next, free);
                }));
  }

  /// Since the gate looked, a greater run has claimed or is about to: confirming this one would
  /// give it a lease that the other does not wait for.
  private boolean isOvertaken(Claim claim) {
    Optional<Seen> last = Optional.ofNullable(seen.get(claim.account()));
    return scribe.isBusy(claim.account(), LedgerEntry.RUNS)
        || last.filter(other -> other.ballot().compareTo(claim.ballot()) > 0).isPresent();
  }

  /// When no other run than `ballot` can hold a lease by this provider's word.
  private Instant free(RunRecord record, Ballot ballot) {
    Optional<Claim> held = record.claim().map(Claim.Signed::claim);
    if (held.isEmpty()) {
      return context.now();
    }
    Duration lease = context.config.posture().safeguards().fencing().lease();
    Optional<Seen> known = Optional.ofNullable(seen.get(held.get().account()));
    if (held.get().ballot().equals(ballot)) {
      return known
          .filter(last -> last.ballot().equals(ballot))
          .map(Seen::free)
          .orElse(context.now().plus(lease));
    }
    if (held.get().resigned()) {
      return context.now();
    }
    return known
        .filter(last -> last.ballot().equals(held.get().ballot()))
        .map(last -> last.confirmedAt().plus(lease))
        .orElse(context.now().plus(lease));
  }

  private void confirm(Input.ClaimAsked asked, RunRecord record, Instant free) {
    Claim claim = asked.claim().claim();
    seen.remove(claim.account());
    seen.put(claim.account(), new Seen(claim.ballot(), context.now(), free));
    if (seen.size() > REMEMBERED) {
      seen.remove(seen.keySet().iterator().next());
    }
    ClaimAnswer answer =
        new ClaimAnswer(
            context.identity().account(),
            asked.claim().signed().body().sha256(),
            Math.max(0, Duration.between(context.now(), free).toMillis()),
            record.witness());
    respond(asked.exchange(), new Answer.ClaimConfirmed(context.identity(), answer));
  }

  public void witnessOffered(Input.WitnessOffered offered) {
    if (scribe.isBusy(offered.witness().witness().account(), LedgerEntry.RUNS)) {
      refuse(offered.exchange(), ProblemCode.BUSY);
      return;
    }
    RunRecord record = RunRecord.ofLedger(offered.held());
    RunRecord next = record.with(offered.witness());
    boolean storeMoved = isStoreMoved(record, offered.witness().witness());
    WitnessAck ack = new WitnessAck(context.identity().account(), offered.witness().digest());
    AccountId account = offered.witness().witness().account();
    scribe.write(
        change(offered.exchange(), account, offered.held(), next),
        result ->
            written(
                offered.exchange(),
                result,
                () -> {
                  if (storeMoved) {
                    ledgerMoved.run();
                  }
                  respond(offered.exchange(), new Answer.WitnessHeld(context.identity(), ack));
                }));
  }

  /// A witness that tells of another ledger only must not make this node tell of its own: two nodes
  /// would never fall silent.
  private static boolean isStoreMoved(RunRecord record, Witness next) {
    return record
        .witness()
        .filter(held -> held.witness().ballot().equals(next.ballot()))
        .filter(held -> held.witness().mark().storeVersion() == next.mark().storeVersion())
        .isEmpty();
  }

  private static Scribe.Write change(
      ExchangeId exchange, AccountId account, Optional<Bytes> held, RunRecord next) {
    Effect.Change change =
        new Effect.Change.Put(
            LedgerEntry.RUNS, held.map(RunKeeper::secret), secret(next.toBytes()));
    return new Scribe.Write(exchange, account, List.of(change));
  }

  private void written(ExchangeId exchange, Scribe.Result result, Runnable then) {
    switch (result) {
      case WRITTEN -> then.run();
      case CONFLICT -> refuse(exchange, ProblemCode.BUSY);
      case FAILED -> refuse(exchange, ProblemCode.LEDGER_FAILED);
    }
  }

  private static SecretBytes secret(Bytes bytes) {
    return SecretBytes.take(bytes.toArray());
  }

  private void refuse(ExchangeId exchange, ProblemCode code) {
    respond(exchange, new Answer.Refused(Problem.of(code)));
  }

  private void respond(ExchangeId exchange, Answer answer) {
    context.emit(new Effect.Respond(exchange, answer));
  }
}
