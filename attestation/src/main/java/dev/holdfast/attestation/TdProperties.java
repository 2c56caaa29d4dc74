package dev.holdfast.attestation;

import dev.holdfast.attestation.policy.Relaxation;
import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import java.util.Optional;
import java.util.Set;

/// What TDATTRIBUTES, XFAM and the service TD say about a TDX VM.
///
/// Spec: docs/spec/attestation.md#policy
final class TdProperties {
  private static final long DEBUG = 1L;
  private static final long LASS = 1L << 27;
  private static final long SEPT_VE_DISABLE = 1L << 28;
  private static final long MIGRATABLE = 1L << 29;
  private static final long PKS = 1L << 30;
  private static final long KEY_LOCKER = 1L << 31;
  private static final long PERFMON = 1L << 63;

  /// Judged by name, or harmless.
  private static final long KNOWN = DEBUG | LASS | SEPT_VE_DISABLE | MIGRATABLE | PKS;

  private static final long XFAM_REQUIRED = 0x3;
  private static final long XFAM_ALLOWED = 0x6dbe7;

  private TdProperties() {}

  /// @param serviceTds those that the policy accepts by name
  static Optional<Finding> firstDoubtful(
      TdReport td, Set<Relaxation> allowed, Set<Bytes> serviceTds) {
    long attributes = td.tdAttributes();
    if ((attributes & DEBUG) != 0 && !allowed.contains(Relaxation.DEBUG)) {
      return finding(
          Reason.DEBUG_ENABLED,
          "TDATTRIBUTES has the DEBUG bit (0), which lets the host read memory");
    }
    Optional<Finding> serviceTd = serviceTd(td, serviceTds);
    if (serviceTd.isPresent() && !allowed.contains(Relaxation.SERVICE_TD)) {
      return serviceTd;
    }
    if ((attributes & SEPT_VE_DISABLE) == 0
        && !allowed.contains(Relaxation.SEPT_VE_DISABLE_MISSING)) {
      return finding(
          Reason.SEPT_VE_DISABLE_MISSING, "TDATTRIBUTES lacks the SEPT_VE_DISABLE bit (28)");
    }
    if ((attributes & MIGRATABLE) != 0 && !allowed.contains(Relaxation.MIGRATABLE)) {
      return finding(Reason.MIGRATABLE, "TDATTRIBUTES has the MIGRATABLE bit (29)");
    }
    return Optional.empty();
  }

  /// Extended reports also say which service TD was bound first and which one is now.
  private static Optional<Finding> serviceTd(TdReport td, Set<Bytes> accepted) {
    return bound("MRSERVICETD", td.mrServiceTd(), accepted)
        .or(() -> bound("the initial service TD", td.initialServiceTdHash(), accepted))
        .or(() -> bound("the current service TD", td.currentServiceTdHash(), accepted));
  }

  private static Optional<Finding> bound(String name, Optional<Bytes> value, Set<Bytes> accepted) {
    return value
        .filter(hash -> !hash.isZero() && !accepted.contains(hash))
        .flatMap(hash ->
            finding(
                Reason.SERVICE_TD_PRESENT,
                "%s is %s, expected zero".formatted(name, hash.toHex())));
  }

  static Optional<Finding> firstUnknownAttribute(TdReport td, Set<Relaxation> allowed) {
    long accepted =
        KNOWN
            | (allowed.contains(Relaxation.PERFMON) ? PERFMON : 0)
            | (allowed.contains(Relaxation.KEY_LOCKER) ? KEY_LOCKER : 0);
    long unknown = td.tdAttributes() & ~accepted;
    return unknown == 0
        ? Optional.empty()
        : finding(
            Reason.TD_ATTRIBUTES_NOT_ACCEPTED,
            "TDATTRIBUTES has bit %d".formatted(Long.numberOfTrailingZeros(unknown)));
  }

  static Optional<Finding> xfamProblem(TdReport td) {
    long missing = XFAM_REQUIRED & ~td.xfam();
    long unknown = td.xfam() & ~XFAM_ALLOWED;
    if (missing != 0) {
      return finding(
          Reason.XFAM_NOT_ACCEPTED,
          "XFAM lacks bit %d".formatted(Long.numberOfTrailingZeros(missing)));
    }
    return unknown == 0
        ? Optional.empty()
        : finding(
            Reason.XFAM_NOT_ACCEPTED,
            "XFAM has bit %d".formatted(Long.numberOfTrailingZeros(unknown)));
  }

  private static Optional<Finding> finding(Reason reason, String detail) {
    return Optional.of(Finding.valid(reason, detail));
  }
}
