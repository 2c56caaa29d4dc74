package dev.holdfast.attestation.eventlog;

import java.util.List;
import java.util.Locale;

/// A measurement register of a TD, in the order of the index that logs of firmware use: 0 is MRTD,
/// n + 1 is RTMR n.
public enum Register {
  /// Fixed when the TD is built: no event extends it.
  MRTD,
  RTMR0,
  RTMR1,
  RTMR2,
  RTMR3;

  /// The four that events extend, 0 to 3.
  public static final List<Register> RTMRS = List.of(RTMR0, RTMR1, RTMR2, RTMR3);

  /// All, at the index that logs of firmware use.
  static final List<Register> ALL = List.of(values());

  private final String code = name().toLowerCase(Locale.ROOT);

  /// `mrtd`, `rtmr0` to `rtmr3`.
  public String code() {
    return code;
  }
}
