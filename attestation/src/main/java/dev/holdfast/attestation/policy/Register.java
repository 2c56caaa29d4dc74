package dev.holdfast.attestation.policy;

import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import java.util.Locale;

/// A field of 48 bytes in the report of a TDX VM that a policy can pin.
public enum Register {
  MRTD,
  RTMR0,
  RTMR1,
  RTMR2,
  RTMR3,
  /// Chosen by whoever launched the VM, as are MROWNER and MROWNERCONFIG.
  MRCONFIGID,
  MROWNER,
  MROWNERCONFIG,
  /// The TDX module's build.
  MRSEAM,
  /// The bound service TD; zero when there is none, also in reports of TDX 1.0.
  MRSERVICETD;

  public static final int SIZE = 48;

  private final String code = name().toLowerCase(Locale.ROOT);

  /// The name in a policy document, in lower case.
  public String code() {
    return code;
  }

  /// Its value in `report`.
  public Bytes of(TdReport report) {
    return switch (this) {
      case MRTD -> report.mrTd();
      case RTMR0 -> report.rtmr(0);
      case RTMR1 -> report.rtmr(1);
      case RTMR2 -> report.rtmr(2);
      case RTMR3 -> report.rtmr(3);
      case MRCONFIGID -> report.mrConfigId();
      case MROWNER -> report.mrOwner();
      case MROWNERCONFIG -> report.mrOwnerConfig();
      case MRSEAM -> report.mrSeam();
      case MRSERVICETD -> report.mrServiceTd().orElse(Bytes.zero(SIZE));
    };
  }
}
