package dev.holdfast.attestation.x509;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;

/// ECDSA on P-256 with SHA-256, verification only, by the JDK or any other provider. What providers
/// were found to get wrong is checked here: points off the curve, and r or s outside `1..n-1`. High
/// s is accepted: real quotes have it. Thread-safe.
///
/// Spec: docs/spec/attestation.md#signatures
public final class P256 {
  /// Size of a point as x ‖ y, and of a signature as r ‖ s, big-endian.
  public static final int SIZE = 64;

  private static final BigInteger P =
      hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
  private static final BigInteger B =
      hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
  private static final Bytes N =
      bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

  /// SubjectPublicKeyInfo of an uncompressed P-256 point, up to its x.
  static final Bytes SPKI_PREFIX = bytes("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

  private final Optional<Provider> provider;

  private P256(Optional<Provider> provider) {
    this.provider = provider;
  }

  /// Verifies with `provider`, or with the JDK's choice when there is none.
  public static P256 of(Optional<Provider> provider) {
    return new P256(provider);
  }

  /// True when `point` (x ‖ y) is on the curve and its coordinates are reduced; the point at
  /// infinity has no such form.
  public static boolean onCurve(Bytes point) {
    if (point.size() != SIZE) {
      return false;
    }
    BigInteger x = new BigInteger(1, point.slice(0, SIZE / 2).toArray());
    BigInteger y = new BigInteger(1, point.slice(SIZE / 2, SIZE / 2).toArray());
    if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
      return false;
    }
    BigInteger three = BigInteger.valueOf(3);
    BigInteger right = x.multiply(x).subtract(three).multiply(x).add(B).mod(P);
    return y.multiply(y).mod(P).equals(right);
  }

  /// Prepares `point`, which must be on the curve, for [#verify].
  public PublicKey key(Bytes point) {
    InvariantError.check(onCurve(point), "a key is on the curve");
    byte[] encoded = new ByteWriter().bytes(SPKI_PREFIX).bytes(point).toArray();
    try {
      KeyFactory factory =
          provider.isPresent()
              ? KeyFactory.getInstance("EC", provider.get())
              : KeyFactory.getInstance("EC");
      return factory.generatePublic(new X509EncodedKeySpec(encoded));
    } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
      throw new InvariantError("the provider imports P-256 keys", e);
    }
  }

  /// True when `signature` (r ‖ s) is one of `key` over `message`.
  public boolean verify(PublicKey key, Bytes message, Bytes signature) {
    if (!inRange(signature)) {
      return false;
    }
    try {
      Signature verifier =
          provider.isPresent()
              ? Signature.getInstance("SHA256withECDSA", provider.get())
              : Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(key);
      verifier.update(message.toArray());
      return verifier.verify(der(signature));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new InvariantError("the provider verifies P-256 signatures", e);
    } catch (SignatureException e) {
      return false;
    }
  }

  public boolean verifyWithPoint(Bytes point, Bytes message, Bytes signature) {
    return verify(key(point), message, signature);
  }

  /// Parses the DER form of a signature, as in certificates, into r ‖ s.
  static Bytes parseSignature(String format, Bytes der) throws MalformedException {
    Der outer = Der.of(format, der);
    Der in = outer.sequence("signature");
    outer.requireEnd("signature");
    ByteWriter out = new ByteWriter();
    for (String field : new String[] {"signature.r", "signature.s"}) {
      Bytes value = in.unsigned(field);
      if (value.size() > SIZE / 2) {
        throw in.malformed(field, "at most 32 bytes", value.size() + " bytes");
      }
      out.bytes(Bytes.zero(SIZE / 2 - value.size())).bytes(value);
    }
    in.requireEnd("signature");
    return out.toBytes();
  }

  private static boolean inRange(Bytes signature) {
    if (signature.size() != SIZE) {
      return false;
    }
    Bytes r = signature.slice(0, SIZE / 2);
    Bytes s = signature.slice(SIZE / 2, SIZE / 2);
    return !r.isZero() && !s.isZero() && r.compareTo(N) < 0 && s.compareTo(N) < 0;
  }

  private static byte[] der(Bytes signature) {
    ByteWriter body = new ByteWriter();
    integer(body, signature.slice(0, SIZE / 2));
    integer(body, signature.slice(SIZE / 2, SIZE / 2));
    return new ByteWriter().u8(Der.SEQUENCE).u8(body.size()).bytes(body.toArray()).toArray();
  }

  private static void integer(ByteWriter out, Bytes value) {
    int zeros = 0;
    while (value.at(zeros) == 0) {
      zeros++;
    }
    int sign = value.at(zeros) >>> 7;
    int size = value.size() - zeros;
    out.u8(Der.INTEGER).u8(size + sign);
    if (sign == 1) {
      out.u8(0);
    }
    out.bytes(value.slice(zeros, size));
  }

  private static BigInteger hex(String digits) {
    return new BigInteger(digits, 16);
  }

  private static Bytes bytes(String digits) {
    return Bytes.copyOf(HexFormat.of().parseHex(digits));
  }
}
