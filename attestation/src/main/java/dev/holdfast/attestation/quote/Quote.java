package dev.holdfast.attestation.quote;

import dev.holdfast.codec.Bytes;

/// A quote taken apart, nothing of it verified.
///
/// - `version`: 3 (SGX), 4 or 5 (SGX or TDX).
/// - `userData`: 20 bytes of the header, informational.
/// - `signed`: what the quote's signature is over.
/// - `structureSize`: bytes up to the end of the signature data. Real machines append more, which
///   is unsigned and means nothing: whoever identifies a quote by a hash must take only these.
///
/// Spec: docs/spec/quote.md
public record Quote(
    int version,
    Bytes userData,
    Report report,
    Bytes signed,
    SignatureData signatureData,
    int structureSize) {

  /// Parses a quote; the caller bounds its size.
  ///
  /// @throws QuoteException when it has not the form of a supported quote
  public static Quote parse(Bytes quote) throws QuoteException {
    return QuoteParser.parse(quote);
  }
}
