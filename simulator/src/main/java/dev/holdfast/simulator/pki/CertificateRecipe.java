package dev.holdfast.simulator.pki;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// What a certificate will say and who will sign it. A changed recipe gives a certificate that is
/// wrong and validly signed.
///
/// @param issuer DER of the issuer's name
/// @param subject DER of the subject's name
/// @param point the subject's public key, x‖y, 64 bytes (not checked)
/// @param body changes the DER of the part that is signed, before it is signed
/// @param tamper changes the DER of the whole after signing
public record CertificateRecipe(
    BigInteger serial,
    Bytes issuer,
    Instant notBefore,
    Instant notAfter,
    Bytes subject,
    Bytes point,
    List<Extension> extensions,
    P256Key signer,
    UnaryOperator<Bytes> body,
    UnaryOperator<Bytes> tamper) {
  private static final Bytes ECDSA_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
  private static final Bytes P256 =
      Der.sequence(Der.oid("1.2.840.10045.2.1"), Der.oid("1.2.840.10045.3.1.7"));

  public CertificateRecipe {
    extensions = List.copyOf(extensions);
  }

  /// The signed certificate's DER.
  public Bytes issue() {
    List<Bytes> encoded = extensions.stream().map(Extension::toDer).toList();
    Bytes key = Der.bitString(new ByteWriter().u8(4).bytes(point).toBytes());
    Bytes signed =
        Der.sequence(
            Der.explicit(0, Der.integer(2)),
            Der.integer(serial),
            ECDSA_SHA256,
            issuer,
            Der.sequence(Der.time(notBefore), Der.time(notAfter)),
            subject,
            Der.sequence(P256, key),
            Der.explicit(3, Der.sequence(encoded)));
    return tamper.apply(sign(body.apply(signed), signer));
  }

  /// A to-be-signed part with its algorithm and signature: the form of certificates and lists.
  static Bytes sign(Bytes body, P256Key signer) {
    return Der.sequence(body, ECDSA_SHA256, Der.bitString(signer.signDer(body)));
  }

  static Bytes algorithm() {
    return ECDSA_SHA256;
  }

  public CertificateRecipe withSerial(BigInteger value) {
    return new CertificateRecipe(
        value, issuer, notBefore, notAfter, subject, point, extensions, signer, body, tamper);
  }

  /// @param value a common name; the rest of the name stays Intel's
  public CertificateRecipe withIssuer(String value) {
    return new CertificateRecipe(
        serial,
        Names.of(value),
        notBefore,
        notAfter,
        subject,
        point,
        extensions,
        signer,
        body,
        tamper);
  }

  /// @param value a common name; the rest of the name stays Intel's
  public CertificateRecipe withSubject(String value) {
    return new CertificateRecipe(
        serial,
        issuer,
        notBefore,
        notAfter,
        Names.of(value),
        point,
        extensions,
        signer,
        body,
        tamper);
  }

  public CertificateRecipe withValidity(Instant from, Instant to) {
    return new CertificateRecipe(
        serial, issuer, from, to, subject, point, extensions, signer, body, tamper);
  }

  /// Another public key; serial and subject key id stay as they are.
  public CertificateRecipe withPoint(Bytes value) {
    return new CertificateRecipe(
        serial, issuer, notBefore, notAfter, subject, value, extensions, signer, body, tamper);
  }

  public CertificateRecipe withExtensions(List<Extension> value) {
    return new CertificateRecipe(
        serial, issuer, notBefore, notAfter, subject, point, value, signer, body, tamper);
  }

  /// Replaces the extension of the same identifier in its place, or adds one at the end.
  public CertificateRecipe withExtension(Extension value) {
    boolean known = extensions.stream().anyMatch(e -> e.oid().equals(value.oid()));
    return known
        ? mapExtensions(e -> e.oid().equals(value.oid()) ? List.of(value) : List.of(e))
        : withAddedExtension(value);
  }

  /// Adds an extension at the end, also when there is one of its identifier.
  public CertificateRecipe withAddedExtension(Extension value) {
    List<Extension> all = new ArrayList<>(extensions);
    all.add(value);
    return withExtensions(all);
  }

  public CertificateRecipe withoutExtension(String oid) {
    return mapExtensions(e -> e.oid().equals(oid) ? List.of() : List.of(e));
  }

  public CertificateRecipe withSigner(P256Key value) {
    return new CertificateRecipe(
        serial, issuer, notBefore, notAfter, subject, point, extensions, value, body, tamper);
  }

  /// Changes the DER of the part that is signed, before it is signed.
  public CertificateRecipe withBody(UnaryOperator<Bytes> value) {
    return new CertificateRecipe(
        serial, issuer, notBefore, notAfter, subject, point, extensions, signer, value, tamper);
  }

  /// Changes the DER after signing.
  public CertificateRecipe withTamper(UnaryOperator<Bytes> value) {
    return new CertificateRecipe(
        serial, issuer, notBefore, notAfter, subject, point, extensions, signer, body, value);
  }

  private CertificateRecipe mapExtensions(Function<Extension, List<Extension>> change) {
    return withExtensions(extensions.stream().map(change).flatMap(List::stream).toList());
  }
}
