package dev.holdfast.attestation;

import dev.holdfast.attestation.tcb.Issue;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers;
import dev.holdfast.attestation.x509.Certificate;
import dev.holdfast.attestation.x509.CertificateList;
import dev.holdfast.attestation.x509.Chain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Judges dates. Both ends of every interval belong to it. Certificates come first and expired
/// documents last, so that a finding of [Reason#COLLATERAL_EXPIRED] means that nothing else is out
/// of date: only that one can be excused by a policy. Of several documents the one that ended first
/// is named.
///
/// Spec: docs/spec/attestation.md#time
record Validity(Instant at) {
  /// A finding about something that begins after, or ended at `end` before, the instant judged.
  record OutOfDate(Finding finding, Instant end) {}

  Optional<OutOfDate> judge(
      EvidenceVerifier.Evidence evidence, CollateralVerifier.Verified collateral) {
    List<Interval> certificates = new ArrayList<>();
    for (Chain chain : Revocation.chains(evidence, collateral)) {
      for (Certificate certificate : chain.certificates()) {
        certificates.add(Interval.of(certificate));
      }
    }
    List<Interval> documents =
        List.of(
            Interval.of("TCB info", collateral.tcbInfo().document().issue()),
            Interval.of("QE identity", collateral.qeIdentity().document().issue()),
            Interval.of("root CRL", collateral.rootCrl()),
            Interval.of("PCK CRL", collateral.pckCrl()));
    return early(certificates, Reason.CERTIFICATE_NOT_YET_VALID)
        .or(() -> late(certificates, Reason.CERTIFICATE_EXPIRED))
        .or(() -> early(documents, Reason.COLLATERAL_NOT_YET_VALID))
        .or(() -> late(documents, Reason.COLLATERAL_EXPIRED));
  }

  /// What is wrong with the dates of the list of TCB recoveries.
  Optional<OutOfDate> judge(CollateralVerifier.Signed<TcbEvaluationNumbers> numbers) {
    TcbEvaluationNumbers document = numbers.document();
    List<Interval> intervals = new ArrayList<>();
    numbers.chain().certificates().forEach(certificate -> intervals.add(Interval.of(certificate)));
    intervals.add(
        new Interval("TCB evaluation numbers", "", document.issueDate(), document.nextUpdate()));
    return early(intervals, Reason.COLLATERAL_NOT_YET_VALID)
        .or(() -> late(intervals, Reason.COLLATERAL_EXPIRED));
  }

  private Optional<OutOfDate> early(List<Interval> intervals, Reason reason) {
    for (Interval interval : intervals) {
      if (at.isBefore(interval.from())) {
        return found(reason, interval, "from", interval.from());
      }
    }
    return Optional.empty();
  }

  private Optional<OutOfDate> late(List<Interval> intervals, Reason reason) {
    Interval first = intervals.getFirst();
    for (Interval interval : intervals) {
      if (interval.until().isBefore(first.until())) {
        first = interval;
      }
    }
    return at.isAfter(first.until())
        ? found(reason, first, "until", first.until())
        : Optional.empty();
  }

  private Optional<OutOfDate> found(Reason reason, Interval interval, String side, Instant limit) {
    String detail = "%s is valid %s %s, judged at %s".formatted(interval, side, limit, at);
    return Optional.of(new OutOfDate(Finding.valid(reason, detail), interval.until()));
  }

  /// `name` is that of a certificate, empty where `what` says it all.
  private record Interval(String what, String name, Instant from, Instant until) {
    static Interval of(Certificate certificate) {
      return new Interval(
          "certificate", certificate.commonName(), certificate.notBefore(), certificate.notAfter());
    }

    static Interval of(String document, Issue issue) {
      return new Interval(document, "", issue.issueDate(), issue.nextUpdate());
    }

    static Interval of(String document, CertificateList crl) {
      return new Interval(document, "", crl.thisUpdate(), crl.nextUpdate());
    }

    @Override
    public String toString() {
      return name.isEmpty() ? what : what + " \"" + name + "\"";
    }
  }
}
