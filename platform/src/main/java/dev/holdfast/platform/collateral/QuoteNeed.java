package dev.holdfast.platform.collateral;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.UnverifiedQuote;
import dev.holdfast.attestation.UnverifiedQuote.Pck;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.platform.collateral.CollateralServiceException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What the quotes of one machine are judged with: which collateral, and the PCK certificate chain
/// when they carry none. From unverified quotes; the verifier judges all of it.
///
/// @param pckChain PEM: PCK certificate, CA, root
public record QuoteNeed(CollateralKey key, Optional<String> pckChain) {
  /// What `quote` needs; asks `service` for the PCK certificate when the quote only names it
  /// (certification data 1 to 3). Empty when the quote cannot be read that far: then there is
  /// nothing to ask for, and the verifier says what is wrong with it.
  ///
  /// @throws CollateralServiceException when the service gives no PCK certificate
  public static Optional<QuoteNeed> of(Bytes quote, TcbUpdate update, CollateralService service)
      throws CollateralServiceException, InterruptedException {
    UnverifiedQuote parsed;
    try {
      parsed = UnverifiedQuote.parse(quote);
    } catch (MalformedException e) {
      return Optional.empty();
    }
    if (parsed.platform().isPresent() && parsed.pckCa().isPresent()) {
      Pck pck = new Pck(parsed.platform().get(), parsed.pckCa().get());
      return Optional.of(
          new QuoteNeed(CollateralKey.of(parsed.tee(), pck, update), Optional.empty()));
    }
    if (parsed.pckId().isEmpty()) {
      return Optional.empty();
    }
    String chain = service.pckChain(parsed.pckId().get());
    Pck pck = pck(chain);
    return Optional.of(
        new QuoteNeed(CollateralKey.of(parsed.tee(), pck, update), Optional.of(chain)));
  }

  /// `collateral` with the PCK certificate chain, where one is needed.
  public Collateral complete(Collateral collateral) {
    return pckChain.map(collateral::withPckCertificateChain).orElse(collateral);
  }

  private static Pck pck(String chain) throws CollateralServiceException {
    try {
      return UnverifiedQuote.pck(Bytes.copyOf(chain.getBytes(StandardCharsets.US_ASCII)));
    } catch (MalformedException e) {
      throw new CollateralServiceException(
          Kind.MALFORMED, "pckcert", "expected a PCK certificate and its chain, found another");
    }
  }
}
