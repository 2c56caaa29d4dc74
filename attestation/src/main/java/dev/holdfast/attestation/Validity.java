package dev.holdfast.attestation;

import dev.holdfast.attestation.tcb.Issue;
import dev.holdfast.attestation.tcb.TcbEvaluationNumbers;
import dev.holdfast.attestation.x509.Certificate;
import dev.holdfast.attestation.x509.CertificateList;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Judges dates. Both ends of every interval belong to it. Certificates come first and expired
/// documents last, so that a finding of [Reason#COLLATERAL_EXPIRED] means that nothing else is out
/// of date: only that one can be excused by a policy.
///
/// Spec: docs/spec/attestation.md#time
record Validity(Instant at) {
  Optional<Finding> judge(
      EvidenceVerifier.Evidence evidence, CollateralVerifier.Verified collateral) {
    List<Interval> certificates =
        Stream.of(
                evidence.pckChain(),
                collateral.tcbInfo().chain(),
                collateral.qeIdentity().chain(),
                collateral.pckCa())
            .flatMap(chain -> chain.certificates().stream())
            .map(Interval::of)
            .toList();
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
  Optional<Finding> judge(CollateralVerifier.Signed<TcbEvaluationNumbers> numbers) {
    TcbEvaluationNumbers document = numbers.document();
    List<Interval> intervals =
        Stream.concat(
                numbers.chain().certificates().stream().map(Interval::of),
                Stream.of(
                    new Interval(
                        "list of TCB evaluation numbers",
                        document.issueDate(),
                        document.nextUpdate())))
            .toList();
    return early(intervals, Reason.COLLATERAL_NOT_YET_VALID)
        .or(() -> late(intervals, Reason.COLLATERAL_EXPIRED));
  }

  private Optional<Finding> early(List<Interval> intervals, Reason reason) {
    return intervals.stream()
        .filter(interval -> at.isBefore(interval.from()))
        .findFirst()
        .map(interval ->
            Finding.valid(
                reason,
                "%s is valid from %s, judged at %s"
                    .formatted(interval.name(), interval.from(), at)));
  }

  private Optional<Finding> late(List<Interval> intervals, Reason reason) {
    return intervals.stream()
        .filter(interval -> at.isAfter(interval.until()))
        .findFirst()
        .map(interval ->
            Finding.valid(
                reason,
                "%s is valid until %s, judged at %s"
                    .formatted(interval.name(), interval.until(), at)));
  }

  private record Interval(String name, Instant from, Instant until) {
    static Interval of(Certificate certificate) {
      String name = "certificate \"" + certificate.commonName() + "\"";
      return new Interval(name, certificate.notBefore(), certificate.notAfter());
    }

    static Interval of(String name, Issue issue) {
      return new Interval(name, issue.issueDate(), issue.nextUpdate());
    }

    static Interval of(String name, CertificateList crl) {
      return new Interval(name, crl.thisUpdate(), crl.nextUpdate());
    }
  }
}
