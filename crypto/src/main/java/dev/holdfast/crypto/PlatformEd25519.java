package dev.holdfast.crypto;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.InvariantError;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/// The JDK's own Ed25519, for the two things that the other implementations do not do: slow, for
/// use now and then.
final class PlatformEd25519 {
  private static final String ALGORITHM = "Ed25519";
  private static final String PROVIDER = "SunEC";

  /// What precedes the 32 bytes of a key in its SubjectPublicKeyInfo (RFC 8410).
  private static final byte[] SPKI_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private PlatformEd25519() {}

  /// The 32-byte public key of a 32-byte seed, through the JDK's generator fed with the seed:
  /// Conscrypt computes it, but does not give it out.
  static byte[] publicKey(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM, PROVIDER);
      generator.initialize(NamedParameterSpec.ED25519, new OneDraw(seed));
      byte[] encoded = generator.generateKeyPair().getPublic().getEncoded();
      return Arrays.copyOfRange(encoded, encoded.length - VerifyingKey.SIZE, encoded.length);
    } catch (GeneralSecurityException e) {
      throw new InvariantError("every Java platform has Ed25519", e);
    }
  }

  /// Verifies without the cofactor; false also for a key or an R that is no canonical point.
  static boolean verify(byte[] key, byte[] message, byte[] signature) {
    byte[] spki = new ByteWriter().bytes(SPKI_PREFIX).bytes(key).toArray();
    try {
      PublicKey publicKey =
          KeyFactory.getInstance(ALGORITHM, PROVIDER).generatePublic(new X509EncodedKeySpec(spki));
      Signature verifier = Signature.getInstance(ALGORITHM, PROVIDER);
      verifier.initVerify(publicKey);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (InvalidKeySpecException | InvalidKeyException | SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new InvariantError("every Java platform has Ed25519", e);
    }
  }

  /// Gives out one seed, once.
  private static final class OneDraw extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient byte[] seed;
    private boolean drawn;

    OneDraw(byte[] seed) {
      // Without the platform's own generator behind it, which the other constructor would seed.
      super(null, null);
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      InvariantError.check(!drawn && bytes.length == seed.length, "the generator draws one seed");
      drawn = true;
      System.arraycopy(seed, 0, bytes, 0, seed.length);
    }
  }
}
