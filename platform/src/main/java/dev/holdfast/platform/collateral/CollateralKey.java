package dev.holdfast.platform.collateral;

import dev.holdfast.attestation.CollateralExamination.Facts;
import dev.holdfast.attestation.UnverifiedQuote.Pck;
import dev.holdfast.attestation.UnverifiedQuote.PckCa;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import java.util.Locale;

/// What one set of collateral is for.
///
/// @param fmspc the kind of platform, [#FMSPC_SIZE] bytes
/// @param ca who issued the platform's PCK certificate
public record CollateralKey(Tee tee, Bytes fmspc, PckCa ca, TcbUpdate update) {
  public static final int FMSPC_SIZE = 6;

  public CollateralKey {
    if (fmspc.size() != FMSPC_SIZE) {
      throw new IllegalArgumentException("FMSPC: expected 6 bytes, found " + fmspc.size());
    }
  }

  /// What a platform with this PCK certificate needs.
  public static CollateralKey of(Tee tee, Pck pck, TcbUpdate update) {
    return new CollateralKey(tee, pck.platform().fmspc(), pck.ca(), update);
  }

  /// True when authentic collateral is about what was asked for.
  boolean fits(Facts facts) {
    return facts.tee() == tee && facts.fmspc().equals(fmspc) && facts.pckCa() == ca;
  }

  /// `tdx` or `sgx`.
  String technology() {
    return tee.name().toLowerCase(Locale.ROOT);
  }

  /// Harmless in file names and messages; one for each key.
  @Override
  public String toString() {
    return String.join("-", technology(), fmspc.toHex(), ca.code(), update.code());
  }
}
