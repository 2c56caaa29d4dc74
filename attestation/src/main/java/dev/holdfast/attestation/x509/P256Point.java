package dev.holdfast.attestation.x509;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import java.math.BigInteger;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// A public key: a point of P-256 that is known to be on the curve and reduced. Providers were
/// found to import others. The point at infinity has no such form.
///
/// A [PublicKey] in X.509 form, which providers take as it is: their own key objects cost more to
/// make than they save.
///
/// Spec: docs/spec/attestation.md#signatures
public final class P256Point implements PublicKey {
  /// Size of x ‖ y, big-endian.
  public static final int SIZE = 64;

  /// SubjectPublicKeyInfo of an uncompressed P-256 point, up to its x.
  static final Bytes PREFIX =
      Bytes.copyOf(
          HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"));

  private static final BigInteger P =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
  private static final BigInteger THREE = BigInteger.valueOf(3);
  private static final long serialVersionUID = 1L;

  private final byte[] subjectPublicKeyInfo;

  private P256Point(Bytes encoded) {
    subjectPublicKeyInfo = new ByteWriter().bytes(PREFIX).bytes(encoded).toArray();
  }

  /// The point of x ‖ y; nothing when it is none of the curve.
  public static Optional<P256Point> of(Bytes encoded) {
    return onCurve(encoded) ? Optional.of(new P256Point(encoded)) : Optional.empty();
  }

  /// x ‖ y.
  public Bytes encoded() {
    return Bytes.copyOf(subjectPublicKeyInfo, PREFIX.size(), SIZE);
  }

  @Override
  public String getAlgorithm() {
    return "EC";
  }

  @Override
  public String getFormat() {
    return "X.509";
  }

  @Override
  public byte[] getEncoded() {
    return subjectPublicKeyInfo.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof P256Point point
        && Arrays.equals(subjectPublicKeyInfo, point.subjectPublicKeyInfo);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(subjectPublicKeyInfo);
  }

  private static boolean onCurve(Bytes point) {
    if (point.size() != SIZE) {
      return false;
    }
    BigInteger x = new BigInteger(1, point.slice(0, SIZE / 2).toArray());
    BigInteger y = new BigInteger(1, point.slice(SIZE / 2, SIZE / 2).toArray());
    if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
      return false;
    }
    BigInteger right = x.multiply(x).subtract(THREE).multiply(x).add(B).mod(P);
    return y.multiply(y).mod(P).equals(right);
  }
}
