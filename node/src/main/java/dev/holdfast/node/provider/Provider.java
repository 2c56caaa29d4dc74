package dev.holdfast.node.provider;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.context.Quotes;
import dev.holdfast.node.log.LogFact.Kind;
import dev.holdfast.node.model.Answer;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.ExchangeId;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.LedgerEntry;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Limits;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.ProviderProof;
import dev.holdfast.protocol.message.Receipt;
import dev.holdfast.protocol.message.RecoveryRequest;
import dev.holdfast.protocol.run.Retire;
import dev.holdfast.protocol.run.RetireAck;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the node does for others: proofs, deposits, releases. The gate has verified what comes
/// here; what is left are the decisions that need state: one write per account at a time, rates,
/// and whether receipts are firm.
///
/// Spec: docs/spec/lifecycle.md#provider
public final class Provider {
  private final NodeContext context;
  private final Quotes quotes;
  private final ReleaseRates rates = new ReleaseRates();
  private final List<Input.ProofAsked> proofs = new ArrayList<>();
  private final Journal journal;
  private final Scribe scribe;
  private final Runnable ledgerMoved;
  private Optional<Instant> proveAt = Optional.empty();
  private boolean proving;
  private boolean firm;
  private boolean leaving;

  public Provider(
      NodeContext context, Quotes quotes, Journal journal, Scribe scribe, Runnable ledgerMoved) {
    this.context = context;
    this.quotes = quotes;
    this.journal = journal;
    this.scribe = scribe;
    this.ledgerMoved = ledgerMoved;
  }

  /// From now on receipts are firm: the node's own manifest is committed.
  public void firm() {
    firm = true;
  }

  /// From now on no new deposits are taken, and whoever has one here is told.
  public void leave() {
    if (!leaving) {
      leaving = true;
      context.report(new Event.Leaving());
    }
  }

  public boolean isLeaving() {
    return leaving;
  }

  public Optional<Instant> wakeAt() {
    return proving ? Optional.empty() : proveAt;
  }

  public void proofAsked(Input.ProofAsked asked) {
    List<Input.ProofAsked> older =
        proofs.stream().filter(other -> other.depositor().equals(asked.depositor())).toList();
    older.forEach(other -> refuse(other.exchange(), ProblemCode.BUSY));
    proofs.removeAll(older);
    if (proofs.size() == Limits.CHALLENGES_PER_QUOTE) {
      refuse(asked.exchange(), ProblemCode.BUSY);
      return;
    }
    proofs.add(asked);
    if (proveAt.isEmpty()) {
      proveAt = Optional.of(context.now().plus(context.config.timings().proofWindow()));
    }
  }

  /// One quote for all who asked within the window.
  public void advance() {
    if (proving || proofs.isEmpty() || !context.isDue(proveAt)) {
      return;
    }
    List<Input.ProofAsked> asked = List.copyOf(proofs);
    proofs.clear();
    proveAt = Optional.empty();
    if (context.collateral().isEmpty()) {
      asked.forEach(one -> refuse(one.exchange(), ProblemCode.COLLATERAL_MISSING));
      return;
    }
    proving = true;
    List<Bytes> nonces = ReportData.sorted(asked.stream().map(Input.ProofAsked::nonce).toList());
    ProviderProof proof =
        new ProviderProof(
            context.identity().account(),
            context.identity().instance(),
            context.workshop.envelopeKey(),
            nonces);
    Collateral collateral = context.collateral().get();
    quotes.ask(
        proof.reportData(context.postureDigest),
        result -> proved(result, asked, proof, collateral.digest()));
  }

  private void proved(
      Quotes.Result result,
      List<Input.ProofAsked> asked,
      ProviderProof proof,
      Bytes collateralDigest) {
    proving = false;
    switch (result) {
      case Quotes.Result.Made made -> {
        Answer answer = new Answer.Proof(context.identity(), proof, made.quote(), collateralDigest);
        context.tally.proofsGiven += asked.size();
        asked.forEach(one -> respond(one.exchange(), answer));
      }
      case Quotes.Result.Failed _ ->
          asked.forEach(one -> refuse(one.exchange(), ProblemCode.QUOTE_UNAVAILABLE));
      case Quotes.Result.Judged _ -> throw new InvariantError("a proof's quote is not judged");
    }
  }

  public void depositRepeated(Input.DepositRepeated repeated) {
    try (DepositParcel parcel = repeated.parcel()) {
      respond(repeated.exchange(), receipted(receipt(parcel)));
    }
  }

  public void depositOffered(Input.DepositOffered offered) {
    try (DepositParcel parcel = offered.parcel()) {
      AccountId depositor = parcel.deposit().terms().depositor();
      if (isBusy(depositor)) {
        offered.changes().forEach(Effect.Change::close);
        refuse(offered.exchange(), ProblemCode.DEPOSIT_CONFLICT);
        return;
      }
      Receipt receipt = receipt(parcel);
      scribe.writeLogged(
          new Scribe.Write(offered.exchange(), depositor, offered.changes()),
          Kind.DEPOSIT,
          run(receipt.generation(), receipt.instance()),
          result -> deposited(offered.exchange(), depositor, receipt, result));
    }
  }

  private boolean isBusy(AccountId depositor) {
    return scribe.isBusy(depositor, LedgerEntry.DEPOSIT)
        || scribe.isBusy(depositor, LedgerEntry.PENDING);
  }

  /// Forgets what a depositor has replaced; the acknowledgement is given when it is gone.
  public void retireAsked(Input.RetireAsked asked) {
    Retire retire = asked.retire().retire();
    AccountId depositor = retire.account();
    if (isBusy(depositor) || scribe.isBusy(depositor, LedgerEntry.RUNS)) {
      asked.changes().forEach(Effect.Change::close);
      refuse(asked.exchange(), ProblemCode.BUSY);
      return;
    }
    RetireAck ack = new RetireAck(context.identity().account(), asked.retire().digest());
    scribe.writeLogged(
        new Scribe.Write(asked.exchange(), depositor, asked.changes()),
        Kind.RETIRE,
        "below generation " + retire.generation(),
        result -> {
          switch (result) {
            case WRITTEN -> {
              ledgerMoved.run();
              context.report(new Event.DepositRetired(depositor, retire.generation()));
              respond(asked.exchange(), new Answer.Retired(context.identity(), ack));
            }
            case CONFLICT -> refuse(asked.exchange(), ProblemCode.BUSY);
            case FAILED -> refuse(asked.exchange(), ProblemCode.LEDGER_FAILED);
          }
        });
  }

  private static Receipt receipt(DepositParcel parcel) {
    return Receipt.of(parcel.deposit(), parcel.digest(), false);
  }

  private Answer receipted(Receipt receipt) {
    return new Answer.Receipted(context.identity(), receipt.withFirm(firm));
  }

  private void deposited(
      ExchangeId exchange, AccountId depositor, Receipt receipt, Scribe.Result result) {
    switch (result) {
      case WRITTEN -> {
        context.tally.depositsTaken++;
        ledgerMoved.run();
        context.report(new Event.DepositTaken(depositor, receipt.generation(), receipt.instance()));
        respond(exchange, receipted(receipt));
      }
      case CONFLICT, FAILED -> {
        depositRefused(depositor, result.problem());
        refuse(exchange, result.problem());
      }
    }
  }

  private void depositRefused(AccountId depositor, ProblemCode code) {
    journal.refused(depositor, code);
    context.tally.depositRefused(code);
    context.report(new Event.DepositRefused(depositor, code));
  }

  public void releaseAsked(Input.ReleaseAsked asked) {
    RecoveryRequest.Asked request = asked.request().asked();
    ReleaseRates.Answer answer =
        rates.take(
            request.account(),
            asked.platforms(),
            asked.answer().release().requestDigest(),
            context.now());
    if (answer == ReleaseRates.Answer.TOO_MANY) {
      asked.answer().share().close();
      releaseRefused(request.account(), ProblemCode.RATE_LIMITED);
      refuse(asked.exchange(), ProblemCode.RATE_LIMITED);
      return;
    }
    boolean again = answer == ReleaseRates.Answer.AGAIN;
    String what = run(request.generation(), asked.answer().release().instance());
    journal.write(
        Kind.RELEASE,
        request.account(),
        again ? what + " again" : what,
        logged -> released(asked, again, logged));
  }

  /// A share that nobody could account for stays here, and costs its account nothing.
  private void released(Input.ReleaseAsked asked, boolean again, boolean logged) {
    Bytes request = asked.answer().release().requestDigest();
    AccountId account = asked.request().asked().account();
    if (!logged) {
      asked.answer().share().close();
      if (!again) {
        rates.giveBack(account, asked.platforms(), request);
      }
      releaseRefused(account, ProblemCode.LEDGER_FAILED);
      refuse(asked.exchange(), ProblemCode.LEDGER_FAILED);
      return;
    }
    if (again) {
      // Counts it, when the first of them was given back.
      rates.take(account, asked.platforms(), request, context.now());
    }
    context.tally.releases++;
    context.report(new Event.Released(account, again));
    respond(asked.exchange(), asked.answer());
  }

  private static String run(long generation, long instance) {
    return "generation " + generation + " instance " + instance;
  }

  public void gateRefused(Input.GateRefused refused) {
    switch (refused) {
      case Input.GateRefused.OfDeposit deposit ->
          depositRefused(deposit.depositor(), deposit.code());
      case Input.GateRefused.OfRelease release -> releaseRefused(release.account(), release.code());
      case Input.GateRefused.OfFork fork -> {
        context.tally.forksSeen++;
        context.report(new Event.ForkSeen(fork.account()));
      }
    }
  }

  private void releaseRefused(AccountId account, ProblemCode code) {
    journal.refused(account, code);
    context.tally.releaseRefused(code);
    context.report(new Event.ReleaseRefused(account, code));
  }

  private void refuse(ExchangeId exchange, ProblemCode code) {
    respond(exchange, new Answer.Refused(Problem.of(code)));
  }

  private void respond(ExchangeId exchange, Answer answer) {
    context.emit(new Effect.Respond(exchange, answer));
  }
}
