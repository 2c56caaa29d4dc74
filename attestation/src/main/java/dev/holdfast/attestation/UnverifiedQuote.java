package dev.holdfast.attestation;

import dev.holdfast.attestation.quote.QeEvidence;
import dev.holdfast.attestation.quote.Quote;
import dev.holdfast.attestation.quote.QuoteException;
import dev.holdfast.attestation.quote.Report;
import dev.holdfast.attestation.quote.Tee;
import dev.holdfast.attestation.x509.Certificate;
import dev.holdfast.attestation.x509.Pem;
import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// What a quote says about itself, nothing of it verified: for inspection, and to know which
/// collateral to fetch. Never a basis for a decision; see [AttestationVerifier].
///
/// - `userData`: 20 bytes of the header, by convention the QE's id and four zero bytes.
/// - `certificationDataType`: 5 when the quote carries its PCK certificate chain, 4 when it carries
///   the PCK certificate alone, 1 to 3 when it only names it.
/// - `platform`, `pckCa`: from that certificate, when it is there and can be parsed.
/// - `pckId`: with types 1 to 3, what names the certificate, when it has its form.
public record UnverifiedQuote(
    int version,
    Report report,
    Bytes userData,
    int certificationDataType,
    Optional<Platform> platform,
    Optional<PckCa> pckCa,
    Optional<PckId> pckId) {
  private static final int CHAIN_SIZE = 3;
  private static final int PLAIN_PPID_SIZE = 16;
  private static final int RSA_2048_SIZE = 256;
  private static final int RSA_3072_SIZE = 384;
  private static final int QE_ID_SIZE = 16;

  /// The CA that issued a PCK certificate; it decides which PCK CRL is needed.
  public enum PckCa {
    PROCESSOR("processor", "Intel SGX PCK Processor CA"),
    PLATFORM("platform", "Intel SGX PCK Platform CA");

    private final String code;
    private final String commonName;

    PckCa(String code, String commonName) {
      this.code = code;
      this.commonName = commonName;
    }

    /// The value of the parameter `ca` of the vendor's `pckcrl` service.
    public String code() {
      return code;
    }

    static Optional<PckCa> named(String commonName) {
      return Arrays.stream(values()).filter(ca -> ca.commonName.equals(commonName)).findFirst();
    }
  }

  /// What the vendor's `pckcert` service finds a PCK certificate by, bytes as they stand in the
  /// quote.
  ///
  /// - `encryptedPpid`: 256 or 384 bytes; absent with type 1, which has the PPID in plain.
  /// - `cpuSvn`: 16 bytes; `pceSvn`, `pceId`: 2 each, little-endian; `qeId`: 16.
  public record PckId(
      Optional<Bytes> encryptedPpid, Bytes cpuSvn, Bytes pceSvn, Bytes pceId, Bytes qeId) {}

  /// The platform and the CA that a PCK certificate names.
  public record Pck(Platform platform, PckCa ca) {}

  public Tee tee() {
    return report.tee();
  }

  /// What the first certificate of `pem`, a PCK certificate with or without what is above it, says
  /// about itself.
  ///
  /// @throws MalformedException when it is no PCK certificate, or of an unknown CA
  public static Pck pck(Bytes pem) throws MalformedException {
    Certificate leaf = Pem.certificates(pem, CHAIN_SIZE).getFirst();
    Optional<PckCa> ca = PckCa.named(leaf.issuerCommonName());
    if (ca.isEmpty()) {
      throw malformed("a certificate of a PCK CA", "another issuer");
    }
    return new Pck(Platform.of(leaf.sgxExtension()), ca.get());
  }

  /// Parses a quote of at most [AttestationVerifier#QUOTE_MAX_SIZE] bytes.
  ///
  /// @throws MalformedException when it does not have the form of a supported quote
  public static UnverifiedQuote parse(Bytes quote) throws MalformedException {
    Quote parsed = read(quote);
    QeEvidence qe = parsed.signatureData().qe();
    Optional<Pck> pck = pckOf(qe);
    return new UnverifiedQuote(
        parsed.version(),
        parsed.report(),
        parsed.userData(),
        qe.certificationDataType(),
        pck.map(Pck::platform),
        pck.map(Pck::ca),
        pckId(qe, parsed.userData()));
  }

  /// Until when the PCK certificate that `quote` carries is valid; empty when it carries none.
  ///
  /// @throws MalformedException when it, or its certificate, does not have its form
  public static Optional<Instant> pckValidUntil(Bytes quote) throws MalformedException {
    QeEvidence qe = read(quote).signatureData().qe();
    return qe.hasPckChain() || qe.hasPckCertificate()
        ? Optional.of(Pem.certificates(qe.certificationData(), CHAIN_SIZE).getFirst().notAfter())
        : Optional.empty();
  }

  private static Quote read(Bytes quote) throws MalformedException {
    if (quote.size() > AttestationVerifier.QUOTE_MAX_SIZE) {
      throw malformed(
          "at most " + AttestationVerifier.QUOTE_MAX_SIZE + " bytes", quote.size() + " bytes");
    }
    try {
      return Quote.parse(quote);
    } catch (QuoteException e) {
      throw malformed("a supported quote", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Pck> pckOf(QeEvidence qe) {
    try {
      return qe.hasPckChain() || qe.hasPckCertificate()
          ? Optional.of(pck(qe.certificationData()))
          : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Optional<PckId> pckId(QeEvidence qe, Bytes userData) {
    int ppidSize =
        switch (qe.certificationDataType()) {
          case 1 -> PLAIN_PPID_SIZE;
          case 2 -> RSA_2048_SIZE;
          case 3 -> RSA_3072_SIZE;
          default -> -1;
        };
    if (ppidSize < 0) {
      return Optional.empty();
    }
    ByteReader in = ByteReader.of("certification data", qe.certificationData());
    try {
      Bytes ppid = in.bytes(ppidSize, "ppid");
      PckId id =
          new PckId(
              ppidSize == PLAIN_PPID_SIZE ? Optional.empty() : Optional.of(ppid),
              in.bytes(16, "cpuSvn"),
              in.bytes(2, "pceSvn"),
              in.bytes(2, "pceId"),
              userData.slice(0, QE_ID_SIZE));
      in.requireEnd("certification data");
      return Optional.of(id);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static MalformedException malformed(String expected, String found) {
    return new MalformedException("quote", 0, "quote", expected, found);
  }
}
