package dev.holdfast.attestation.policy;

import java.util.Locale;
import java.util.Set;

/// The names in a policy document. Spec: docs/spec/policy.md#members
final class Member {
  static final String VERSION = "version";
  static final String ACCEPTED_STATUSES = "accepted-statuses";
  static final String GRACE_UNTIL = "grace-until";
  static final String ACCEPTED_ADVISORIES = "accepted-advisories";
  static final String DENIED_ADVISORIES = "denied-advisories";
  static final String MIN_EVALUATION_NUMBER = "min-evaluation-number";
  static final String MIN_TCB_DATE = "min-tcb-date";
  static final String COLLATERAL_GRACE_UNTIL = "collateral-grace-until";
  static final String RELAXATIONS = "relaxations";
  static final String MEASUREMENTS = "measurements";
  static final String REGISTERS = "registers";
  static final String ENCLAVES = "enclaves";
  static final String PLATFORMS = "platforms";
  static final String REFUSED_PLATFORM_FLAGS = "refused-platform-flags";
  static final String REPORT_DATA = "report-data";

  static final String MRENCLAVE = "mrenclave";
  static final String MRSIGNER = "mrsigner";
  static final String ISVPRODID = "isvprodid";
  static final String MIN_ISVSVN = "min-isvsvn";

  /// The value of [#ACCEPTED_ADVISORIES] that accepts all.
  static final String ANY = "any";

  static final Set<String> POLICY =
      Set.of(
          VERSION,
          ACCEPTED_STATUSES,
          GRACE_UNTIL,
          ACCEPTED_ADVISORIES,
          DENIED_ADVISORIES,
          MIN_EVALUATION_NUMBER,
          MIN_TCB_DATE,
          COLLATERAL_GRACE_UNTIL,
          RELAXATIONS,
          MEASUREMENTS,
          REGISTERS,
          ENCLAVES,
          PLATFORMS,
          REFUSED_PLATFORM_FLAGS,
          REPORT_DATA);

  static final Set<String> MEASUREMENT = Set.of("mrtd", "rtmr0", "rtmr1", "rtmr2", "rtmr3");
  static final Set<String> ENCLAVE = Set.of(MRENCLAVE, MRSIGNER, ISVPRODID, MIN_ISVSVN);

  private Member() {}

  /// The kebab-case name of a constant.
  static String code(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
