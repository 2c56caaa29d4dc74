package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.quote.QuoteFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// How a quote is put together around its body.
///
/// @param certificationType of the inner certification data: 5 is the PCK chain, 4 the PCK
///   certificate alone, 1 to 3 the PPID in plain or encrypted
/// @param certificationData replaces what the type asks for
/// @param signedBytes changes header, descriptor and body before they are signed
/// @param signature changes the 64 bytes of the quote's signature
/// @param trailing bytes behind the signature data
/// @param tamper changes the whole quote after signing
public record QuoteRecipe(
    QuoteFormat format,
    QeRecipe qe,
    int certificationType,
    Optional<Bytes> certificationData,
    UnaryOperator<Bytes> signedBytes,
    UnaryOperator<Bytes> signature,
    Bytes trailing,
    UnaryOperator<Bytes> tamper) {
  /// The certification data type of a PCK chain.
  public static final int PCK_CHAIN = 5;

  /// A quote as Intel's generation library makes it.
  public static QuoteRecipe of(QuoteFormat format) {
    return new QuoteRecipe(
        format,
        format.isTdx() ? QeRecipe.forTds() : QeRecipe.forEnclaves(),
        PCK_CHAIN,
        Optional.empty(),
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        Bytes.EMPTY,
        UnaryOperator.identity());
  }

  /// Another quoting enclave: `withQe(qe -> qe.withAuthData(…))`.
  public QuoteRecipe withQe(UnaryOperator<QeRecipe> change) {
    return new QuoteRecipe(
        format,
        change.apply(qe),
        certificationType,
        certificationData,
        signedBytes,
        signature,
        trailing,
        tamper);
  }

  public QuoteRecipe withCertificationType(int value) {
    return new QuoteRecipe(
        format, qe, value, certificationData, signedBytes, signature, trailing, tamper);
  }

  public QuoteRecipe withCertificationData(Bytes value) {
    return new QuoteRecipe(
        format,
        qe,
        certificationType,
        Optional.of(value),
        signedBytes,
        signature,
        trailing,
        tamper);
  }

  public QuoteRecipe withSignedBytes(UnaryOperator<Bytes> value) {
    return new QuoteRecipe(
        format, qe, certificationType, certificationData, value, signature, trailing, tamper);
  }

  public QuoteRecipe withSignature(UnaryOperator<Bytes> value) {
    return new QuoteRecipe(
        format, qe, certificationType, certificationData, signedBytes, value, trailing, tamper);
  }

  public QuoteRecipe withTrailing(Bytes value) {
    return new QuoteRecipe(
        format, qe, certificationType, certificationData, signedBytes, signature, value, tamper);
  }

  public QuoteRecipe withTamper(UnaryOperator<Bytes> value) {
    return new QuoteRecipe(
        format, qe, certificationType, certificationData, signedBytes, signature, trailing, value);
  }
}
