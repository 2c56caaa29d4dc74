package dev.holdfast.attestation;

import dev.holdfast.attestation.quote.QeEvidence;
import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.QuoteException;
import dev.holdfast.attestation.quote.Report;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.attestation.x509.Certificate;
import dev.holdfast.attestation.x509.Pem;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.util.List;
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
      throw malformed(
          "at most " + AttestationVerifier.QUOTE_MAX_SIZE + " bytes", quote.size() + " bytes");
    }
    Quote parsed;
    try {
      parsed = Quote.parse(quote);
    } catch (QuoteException e) {
      throw malformed("a supported quote", String.valueOf(e.getMessage()));
    }
    QeEvidence qe = parsed.signatureData().qe();
    List<Certificate> chain = chain(qe);
    return new UnverifiedQuote(
        parsed.version(),
        parsed.report(),
        parsed.userData(),
        qe.certificationDataType(),
        chain.stream().findFirst().flatMap(UnverifiedQuote::platform),
        chain.stream().skip(1).findFirst().flatMap(UnverifiedQuote::pckCa));
  }

  private static List<Certificate> chain(QeEvidence qe) {
    try {
      return qe.hasPckChain() ? Pem.certificates(qe.certificationData(), 3) : List.of();
    } catch (MalformedException e) {
      return List.of();
    }
  }

  private static Optional<Platform> platform(Certificate leaf) {
    try {
      return Optional.of(Platform.of(leaf.sgxExtension()));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Optional<PckCa> pckCa(Certificate issuer) {
    return switch (issuer.commonName()) {
      case "Intel SGX PCK Processor CA" -> Optional.of(PckCa.PROCESSOR);
      case "Intel SGX PCK Platform CA" -> Optional.of(PckCa.PLATFORM);
      default -> Optional.empty();
    };
  }

  private static MalformedException malformed(String expected, String found) {
    return new MalformedException("quote", 0, "quote", expected, found);
  }
}
