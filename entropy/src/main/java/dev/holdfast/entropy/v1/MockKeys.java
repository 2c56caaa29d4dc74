package dev.holdfast.entropy.v1;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.engines.ChaChaEngine;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;

/// The P-256 keys of mock quotes. The key of an account follows from the account, so it is no
/// secret.
final class MockKeys {
  private static final int SCALAR_SIZE = 32;
  private static final ECDomainParameters P256 = domain();

  private MockKeys() {}

  /// The "PCK" of an account: the first scalar of the stream that Rust's `StdRng` (ChaCha12) draws
  /// from it.
  static BigInteger pck(Account account) {
    return draws(account, 1);
  }

  /// The second scalar of that stream.
  static BigInteger genesisAttestation(Account account) {
    return draws(account, 2);
  }

  static BigInteger draw(SecureRandom random) {
    while (true) {
      byte[] bytes = new byte[SCALAR_SIZE];
      random.nextBytes(bytes);
      BigInteger scalar = new BigInteger(1, bytes);
      if (isScalar(scalar)) {
        return scalar;
      }
    }
  }

  /// x and y, 64 bytes.
  static Bytes publicKey(BigInteger scalar) {
    return Bytes.copyOf(P256.getG().multiply(scalar).getEncoded(false), 1, 2 * SCALAR_SIZE);
  }

  /// 33 bytes.
  static Bytes compressed(BigInteger scalar) {
    return Bytes.copyOf(P256.getG().multiply(scalar).getEncoded(true));
  }

  /// r and s over SHA-256 of `message`, 64 bytes, by RFC 6979.
  static Bytes sign(BigInteger scalar, Bytes message) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, new ECPrivateKeyParameters(scalar, P256));
    ByteWriter out = new ByteWriter();
    for (BigInteger part : signer.generateSignature(message.sha256().toArray())) {
      out.bytes(fixed(part));
    }
    return out.toBytes();
  }

  /// True when the 64-byte `signature` is one of `message` under an encoded point; false for
  /// anything else.
  static boolean verify(Bytes point, Bytes message, Bytes signature) {
    try {
      ECPoint key = P256.getCurve().decodePoint(point.toArray());
      ECDSASigner verifier = new ECDSASigner();
      verifier.init(false, new ECPublicKeyParameters(key, P256));
      ByteReader in = ByteReader.of("ECDSA signature", signature);
      BigInteger r = new BigInteger(1, in.bytes(SCALAR_SIZE, "r").toArray());
      BigInteger s = new BigInteger(1, in.bytes(SCALAR_SIZE, "s").toArray());
      return verifier.verifySignature(message.sha256().toArray(), r, s);
    } catch (IllegalArgumentException | MalformedException e) {
      // No point of the curve: peer input.
      return false;
    }
  }

  private static BigInteger draws(Account account, int count) {
    ChaChaEngine stream = new ChaChaEngine(12);
    stream.init(
        false,
        new ParametersWithIV(new KeyParameter(account.bytes().toArray()), new byte[Long.BYTES]));
    BigInteger scalar = BigInteger.ZERO;
    for (int drawn = 0; drawn < count; drawn += isScalar(scalar) ? 1 : 0) {
      byte[] block = new byte[SCALAR_SIZE];
      stream.processBytes(new byte[SCALAR_SIZE], 0, SCALAR_SIZE, block, 0);
      scalar = new BigInteger(1, block);
    }
    return scalar;
  }

  private static boolean isScalar(BigInteger scalar) {
    return scalar.signum() > 0 && scalar.compareTo(P256.getN()) < 0;
  }

  private static Bytes fixed(BigInteger value) {
    Bytes padded =
        new ByteWriter().bytes(Bytes.zero(SCALAR_SIZE)).bytes(value.toByteArray()).toBytes();
    return padded.slice(padded.size() - SCALAR_SIZE, SCALAR_SIZE);
  }

  private static ECDomainParameters domain() {
    X9ECParameters curve = CustomNamedCurves.getByName("P-256");
    InvariantError.check(curve != null, "Bouncy Castle has P-256");
    return new ECDomainParameters(curve);
  }
}
