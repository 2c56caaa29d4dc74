package dev.holdfast.node.context;

import dev.holdfast.attestation.Claims;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.QuoteTicket;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.model.Task;
import dev.holdfast.protocol.ProblemCode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Asks for the node's own quotes and gives each to whoever asked for it.
public final class Quotes {
  private final NodeContext context;
  private final Map<Long, Asked> asked = new TreeMap<>();
  private long tickets;

  public Quotes(NodeContext context) {
    this.context = context;
  }

  /// What became of a quote.
  public sealed interface Result {
    record Made(Bytes quote) implements Result {}

    /// The node's own verifier accepts it, and it shows this very image; the claims are the
    /// context's own claims from now on.
    record Judged(Bytes quote, Claims claims) implements Result {}

    record Failed(Setback setback) implements Result {}
  }

  private record Asked(Bytes reportData, boolean judged, Consumer<Result> user) {}

  /// A quote as it comes.
  public void ask(Bytes reportData, Consumer<Result> user) {
    ask(new Asked(reportData, false, user));
  }

  /// A quote that the node judges itself first, with its own collateral.
  public void askJudged(Bytes reportData, Consumer<Result> user) {
    ask(new Asked(reportData, true, user));
  }

  private void ask(Asked request) {
    QuoteTicket ticket = new QuoteTicket(++tickets);
    asked.put(ticket.value(), request);
    context.tally.quotesAsked++;
    context.emit(new Effect.MakeQuote(ticket, request.reportData()));
  }

  public void made(Input.QuoteMade made) {
    Asked request = of(made.ticket());
    if (!request.judged()) {
      settle(made.ticket(), new Result.Made(made.quote()));
    } else if (context.collateral().isEmpty()) {
      settle(
          made.ticket(),
          new Result.Failed(
              Setback.of(ProblemCode.COLLATERAL_MISSING, "no collateral for this platform yet")));
    } else {
      context.emit(
          new Effect.Perform(
              new Task.JudgeOwnQuote(
                  made.ticket(), made.quote(), request.reportData(), context.collateral().get())));
    }
  }

  public void failed(Input.QuoteFailed failed) {
    settle(
        failed.ticket(),
        new Result.Failed(Setback.of(ProblemCode.QUOTE_UNAVAILABLE, failed.detail())));
  }

  public void judged(Input.OwnQuoteJudged judged) {
    context.setOwnClaims(judged.claims());
    settle(judged.ticket(), new Result.Judged(judged.quote(), judged.claims()));
  }

  public void refused(Input.OwnQuoteRefused refused) {
    settle(refused.ticket(), new Result.Failed(refused.setback()));
  }

  private Asked of(QuoteTicket ticket) {
    Asked request = asked.get(ticket.value());
    if (request == null) {
      throw new InvariantError("a quote comes for a ticket that was given");
    }
    return request;
  }

  private void settle(QuoteTicket ticket, Result result) {
    Asked request = of(ticket);
    asked.remove(ticket.value());
    request.user().accept(result);
  }
}
