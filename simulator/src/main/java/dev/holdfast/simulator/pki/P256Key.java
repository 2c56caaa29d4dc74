package dev.holdfast.simulator.pki;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;

/// A P-256 key pair of the simulator. Its private part is no secret: it is derived, persisted and
/// shown. The same key signs the same message to the same bytes. Immutable and thread-safe.
public final class P256Key {
  private static final String PROVIDER = "SunEC";
  private static final String DER = "SHA256withECDSA";
  private static final String RAW = "SHA256withECDSAinP1363Format";

  private final Bytes scalar;
  private final Bytes point;
  private final PrivateKey signingKey;

  private P256Key(Bytes scalar, Bytes point, PrivateKey signingKey) {
    this.scalar = scalar;
    this.point = point;
    this.signingKey = signingKey;
  }

  /// The key that `seed` determines.
  public static P256Key derive(Bytes seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", PROVIDER);
      generator.initialize(new ECGenParameterSpec("secp256r1"), DerivedRandom.of(seed));
      KeyPair pair = generator.generateKeyPair();
      ECPoint w = ((ECPublicKey) pair.getPublic()).getW();
      Bytes scalar = fixed(((ECPrivateKey) pair.getPrivate()).getS());
      return new P256Key(scalar, xy(w), pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new InvariantError("every JDK has P-256", e);
    }
  }

  /// Restores a key from its persisted parts.
  ///
  /// @param scalar 32 bytes, big-endian
  /// @param point 64 bytes, x‖y
  /// @throws MalformedException when the two do not belong together
  public static P256Key restore(Bytes scalar, Bytes point) throws MalformedException {
    try {
      ECParameterSpec curve = curve();
      KeyFactory factory = KeyFactory.getInstance("EC", PROVIDER);
      PrivateKey signingKey =
          factory.generatePrivate(new ECPrivateKeySpec(unsigned(scalar), curve));
      ECPoint w = new ECPoint(unsigned(point.slice(0, 32)), unsigned(point.slice(32, 32)));
      PublicKey verifyingKey = factory.generatePublic(new ECPublicKeySpec(w, curve));
      P256Key key = new P256Key(scalar, point, signingKey);
      Signature check = Signature.getInstance(RAW, PROVIDER);
      check.initVerify(verifyingKey);
      check.update(point.toArray());
      if (check.verify(key.sign(point).toArray())) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      // Reported below: what exactly is wrong with a pair of numbers helps nobody.
    }
    throw new MalformedException("P-256 key", 0, "point", "the scalar's own point", "another");
  }

  /// The private number, 32 bytes, big-endian.
  public Bytes scalar() {
    return scalar;
  }

  /// The public point, x‖y, 64 bytes.
  public Bytes point() {
    return point;
  }

  /// Whether the DER of a certificate names this key.
  public boolean isCertifiedBy(Bytes certificate) {
    try {
      InputStream der = new ByteArrayInputStream(certificate.toArray());
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      PublicKey named = factory.generateCertificate(der).getPublicKey();
      return named instanceof ECPublicKey ec && xy(ec.getW()).equals(point);
    } catch (CertificateException e) {
      return false;
    }
  }

  /// r‖s over SHA-256 of `message`, 64 bytes.
  public Bytes sign(Bytes message) {
    return sign(RAW, message);
  }

  /// The signature of certificates and revocation lists: SEQUENCE { r, s }.
  public Bytes signDer(Bytes message) {
    return sign(DER, message);
  }

  private Bytes sign(String algorithm, Bytes message) {
    try {
      Signature signature = Signature.getInstance(algorithm, PROVIDER);
      Bytes seed = Frame.of("simulator nonce", scalar, message).sha256();
      signature.initSign(signingKey, DerivedRandom.of(seed));
      signature.update(message.toArray());
      return Bytes.copyOf(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new InvariantError("a P-256 key signs any message", e);
    }
  }

  private static ECParameterSpec curve() throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC", PROVIDER);
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  private static Bytes xy(ECPoint point) {
    return new ByteWriter()
        .bytes(fixed(point.getAffineX()))
        .bytes(fixed(point.getAffineY()))
        .toBytes();
  }

  private static Bytes fixed(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int size = Math.min(32, bytes.length);
    return new ByteWriter()
        .bytes(Bytes.zero(32 - size))
        .bytes(Bytes.copyOf(bytes, bytes.length - size, size))
        .toBytes();
  }

  private static BigInteger unsigned(Bytes bytes) {
    return new BigInteger(1, bytes.toArray());
  }
}
