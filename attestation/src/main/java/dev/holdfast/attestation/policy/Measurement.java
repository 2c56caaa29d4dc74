package dev.holdfast.attestation.policy;

import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.util.Optional;

/// The registers that say which image a TDX VM runs, 48 bytes each. As an expectation, RTMR 0
/// (virtual hardware) and RTMR 3 (left to software) may be left out; the others never.
public record Measurement(
    Bytes mrTd, Optional<Bytes> rtmr0, Bytes rtmr1, Bytes rtmr2, Optional<Bytes> rtmr3) {
  public static final int REGISTER_SIZE = Register.SIZE;

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

  /// The first register that differs, in words.
  public Optional<String> firstDifference(TdReport report) {
    return different("MRTD", Optional.of(mrTd), report.mrTd())
        .or(() -> different("RTMR0", rtmr0, report.rtmr(0)))
        .or(() -> different("RTMR1", Optional.of(rtmr1), report.rtmr(1)))
        .or(() -> different("RTMR2", Optional.of(rtmr2), report.rtmr(2)))
        .or(() -> different("RTMR3", rtmr3, report.rtmr(3)));
  }

  private static Optional<String> different(
      String register, Optional<Bytes> expected, Bytes found) {
    return expected
        .filter(value -> !value.equals(found))
        .map(value -> "%s is %s, expected %s".formatted(register, found.toHex(), value.toHex()));
  }

  private static void requireSize(Bytes register) {
    InvariantError.check(register.size() == REGISTER_SIZE, "a register has 48 bytes");
  }
}
