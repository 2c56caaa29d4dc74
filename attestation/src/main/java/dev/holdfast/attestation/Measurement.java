package dev.holdfast.attestation;

import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.util.Optional;

/// The registers that say which image a TDX VM runs, 48 bytes each. As an expectation, RTMR 0
/// (virtual hardware) and RTMR 3 (left to software) may be left out; the others never.
public record Measurement(
    Bytes mrTd, Optional<Bytes> rtmr0, Bytes rtmr1, Bytes rtmr2, Optional<Bytes> rtmr3) {
  public static final int REGISTER_SIZE = 48;

  public Measurement {
    requireSize(mrTd);
    rtmr0.ifPresent(Measurement::requireSize);
    requireSize(rtmr1);
    requireSize(rtmr2);
    rtmr3.ifPresent(Measurement::requireSize);
  }

  /// All registers of `report`.
  public static Measurement of(TdReport report) {
    return new Measurement(
        report.mrTd(),
        Optional.of(report.rtmr(0)),
        report.rtmr(1),
        report.rtmr(2),
        Optional.of(report.rtmr(3)));
  }

  /// True when every register that this names has the value of `report`.
  public boolean matches(TdReport report) {
    return firstDifference(report).isEmpty();
  }

  /// The name of the first register that differs.
  Optional<Difference> firstDifference(TdReport report) {
    return difference("MRTD", Optional.of(mrTd), report.mrTd())
        .or(() -> difference("RTMR0", rtmr0, report.rtmr(0)))
        .or(() -> difference("RTMR1", Optional.of(rtmr1), report.rtmr(1)))
        .or(() -> difference("RTMR2", Optional.of(rtmr2), report.rtmr(2)))
        .or(() -> difference("RTMR3", rtmr3, report.rtmr(3)));
  }

  /// A register with another value than expected.
  record Difference(String register, Bytes expected, Bytes found) {}

  private static Optional<Difference> difference(
      String register, Optional<Bytes> expected, Bytes found) {
    return expected
        .filter(value -> !value.equals(found))
        .map(value -> new Difference(register, value, found));
  }

  private static void requireSize(Bytes register) {
    InvariantError.check(register.size() == REGISTER_SIZE, "a register has 48 bytes");
  }
}
