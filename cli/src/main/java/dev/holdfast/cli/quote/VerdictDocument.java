package dev.holdfast.cli.quote;

import dev.holdfast.attestation.Signatures;
import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.tcb.Shortfall;
import dev.holdfast.attestation.tcb.TcbAppraisal;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.util.Optional;

/// A verdict as `quote verify` prints it.
final class VerdictDocument {
  private final Verdict verdict;
  private final Optional<QuoteFacts> facts;
  private final String signatureProvider;

  VerdictDocument(Verdict verdict, Bytes quote, String signatureProvider) {
    this.verdict = verdict;
    this.facts = facts(quote);
    this.signatureProvider = signatureProvider;
  }

  private static Optional<QuoteFacts> facts(Bytes quote) {
    try {
      return Optional.of(QuoteFacts.of(UnverifiedQuote.parse(quote)));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  String json() {
    JsonWriter out = verdict(verdict);
    facts.ifPresentOrElse(f -> out.put("quote", f.json()), () -> out.putNull("quote"));
    return out.put("signatureProvider", signatureProvider).toString();
  }

  /// The members that need nothing but the verdict.
  static JsonWriter verdict(Verdict verdict) {
    JsonWriter out = JsonWriter.object();
    switch (verdict) {
      case Verdict.Accepted accepted -> {
        out.put("verdict", "accepted").putNull("reason").putNull("detail");
        out.put("signatures", Signatures.VALID.code());
        tcb(out, Optional.of(accepted.tcb()));
      }
      case Verdict.Rejected rejected -> {
        out.put("verdict", "rejected").put("reason", rejected.reason().code());
        out.put("detail", rejected.detail()).put("signatures", rejected.signatures().code());
        tcb(out, rejected.tcb());
      }
    }
    return out;
  }

  private static void tcb(JsonWriter out, Optional<TcbAppraisal> tcb) {
    if (tcb.isEmpty()) {
      out.putNull("tcb");
      return;
    }
    TcbAppraisal appraisal = tcb.get();
    TcbAppraisal.Components components = appraisal.components();
    JsonWriter json = JsonWriter.object().put("status", appraisal.status().code());
    status(json, "platform", components.platform());
    status(json, "qe", components.qe());
    status(json, "module", components.module());
    status(json, "current", components.current());
    appraisal
        .date()
        .ifPresentOrElse(date -> json.put("date", date.toString()), () -> json.putNull("date"));
    json.putStrings("advisoryIds", appraisal.advisoryIds());
    json.put("evaluationNumber", appraisal.evaluationNumber());
    json.putStrings("shortfall", appraisal.shortfall().stream().map(Shortfall::toString).toList());
    out.put("tcb", json);
  }

  private static void status(JsonWriter json, String name, Optional<TcbStatus> status) {
    status.ifPresentOrElse(value -> json.put(name, value.code()), () -> json.putNull(name));
  }

  String text() {
    StringBuilder out = new StringBuilder();
    Signatures signatures =
        verdict instanceof Verdict.Rejected rejected ? rejected.signatures() : Signatures.VALID;
    Optional<TcbAppraisal> tcb =
        switch (verdict) {
          case Verdict.Accepted accepted -> {
            out.append("ACCEPTED\n");
            yield Optional.of(accepted.tcb());
          }
          case Verdict.Rejected rejected -> {
            out.append("REJECTED  ").append(rejected.reason().code()).append('\n');
            out.append("  ").append(rejected.detail()).append('\n');
            out.append("  signatures ").append(rejected.signatures().code()).append('\n');
            yield rejected.tcb();
          }
        };
    tcb.ifPresent(t -> {
      out.append("  TCB ").append(t.status().code());
      t.date().ifPresent(date -> out.append(", level of ").append(date));
      if (!t.advisoryIds().isEmpty()) {
        out.append(", advisories ").append(String.join(" ", t.advisoryIds()));
      }
      out.append('\n');
    });
    boolean authentic = signatures == Signatures.VALID;
    facts.ifPresent(f -> {
      out.append(authentic ? "" : "  what the quote says of itself, not verified:\n");
      out.append(f.text().indent(authentic ? 2 : 4));
    });
    return out.toString();
  }
}
