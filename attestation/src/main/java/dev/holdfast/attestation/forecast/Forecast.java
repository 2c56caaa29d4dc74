package dev.holdfast.attestation.forecast;

import dev.holdfast.attestation.CollateralExamination.Facts;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.tcb.Shortfall;
import dev.holdfast.attestation.tcb.TcbAppraisal;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers.Recovery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How one quote fares now, and how it will once the vendor's early documents are everybody's. Both
/// verdicts are of the same quote, policy and instant; only the collateral differs.
///
/// - `recoveries`: the TCB recoveries between the two, newest first, as far as the vendor lists
///   them.
/// - `calendar`: dated ends of what holds now, earliest first.
///
/// Spec: docs/spec/attestation.md#forecast
public record Forecast(Side now, Side ahead, List<Recovery> recoveries, List<Due> calendar) {
  public Forecast {
    recoveries = List.copyOf(recoveries);
    calendar = List.copyOf(calendar);
  }

  /// A verdict and the collateral that it was reached with.
  public record Side(Verdict verdict, Facts collateral) {
    public boolean accepted() {
      return verdict instanceof Verdict.Accepted;
    }

    public Optional<TcbAppraisal> tcb() {
      return switch (verdict) {
        case Verdict.Accepted accepted -> Optional.of(accepted.tcb());
        case Verdict.Rejected rejected -> rejected.tcb();
      };
    }

    /// The smaller one of TCB info and QE identity.
    public int evaluationNumber() {
      return Math.min(
          collateral.tcbInfo().evaluationNumber(), collateral.qeIdentity().evaluationNumber());
    }
  }

  /// Something that ends at `at`.
  public record Due(String what, Instant at) {}

  /// The forecast in a word.
  public enum Outlook {
    /// Accepted now and ahead.
    STEADY,
    /// Accepted now, and no longer when the recovery arrives.
    WILL_BE_REJECTED,
    /// Rejected now, accepted under the early documents.
    WILL_BE_ACCEPTED,
    /// Rejected now and ahead.
    REJECTED;

    /// The stable code, in kebab case.
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public static Forecast of(
      Side now, Side ahead, Optional<TcbEvaluationNumbers> numbers, AttestationPolicy policy) {
    List<Recovery> recoveries =
        numbers.stream()
            .filter(list -> list.tee() == now.collateral().tee())
            .flatMap(list -> list.recoveries().stream())
            .filter(recovery ->
                recovery.number() > now.evaluationNumber()
                    && recovery.number() <= ahead.evaluationNumber())
            .toList();
    return new Forecast(now, ahead, recoveries, calendar(now.collateral(), policy));
  }

  private static List<Due> calendar(Facts facts, AttestationPolicy policy) {
    Stream<Due> documents =
        Stream.of(
            new Due("TCB info", facts.tcbInfo().nextUpdate()),
            new Due("QE identity", facts.qeIdentity().nextUpdate()),
            new Due("PCK CRL", facts.pckCrl().nextUpdate()),
            new Due("root CRL", facts.rootCrl().nextUpdate()));
    Stream<Due> grace =
        Stream.concat(
            policy.tcb().graceUntil().stream().map(at -> new Due("grace of the policy", at)),
            policy.tcb().collateralGraceUntil().stream()
                .map(at -> new Due("collateral grace of the policy", at)));
    return Stream.concat(documents, grace).sorted(Comparator.comparing(Due::at)).toList();
  }

  public Outlook outlook() {
    if (now.accepted()) {
      return ahead.accepted() ? Outlook.STEADY : Outlook.WILL_BE_REJECTED;
    }
    return ahead.accepted() ? Outlook.WILL_BE_ACCEPTED : Outlook.REJECTED;
  }

  /// What differs between the two sides, a phrase each; empty when nothing does.
  public List<String> changes() {
    List<String> changes = new ArrayList<>();
    add(changes, "TCB evaluation number", now.evaluationNumber(), ahead.evaluationNumber());
    add(changes, "verdict", words(now.verdict()), words(ahead.verdict()));
    add(changes, "TCB status", status(now), status(ahead));
    List<String> advisories = new ArrayList<>(advisories(ahead));
    advisories.removeAll(advisories(now));
    if (!advisories.isEmpty()) {
      changes.add("new advisories: " + String.join(", ", advisories));
    }
    return changes;
  }

  /// What is short under the early documents and what raises it; empty when nothing is.
  public List<Shortfall> shortfall() {
    return ahead.tcb().map(TcbAppraisal::shortfall).orElse(List.of());
  }

  private static void add(List<String> changes, String name, Object before, Object after) {
    if (!before.equals(after)) {
      changes.add("%s: %s -> %s".formatted(name, before, after));
    }
  }

  private static String words(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Accepted accepted -> "accepted";
      case Verdict.Rejected rejected -> "rejected (" + rejected.reason().code() + ")";
    };
  }

  private static String status(Side side) {
    return side.tcb().map(tcb -> tcb.status().code()).orElse("unknown");
  }

  private static List<String> advisories(Side side) {
    return side.tcb().map(TcbAppraisal::advisoryIds).orElse(List.of());
  }
}
