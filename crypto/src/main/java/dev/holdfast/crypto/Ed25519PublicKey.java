package dev.holdfast.crypto;

import dev.holdfast.codec.InvariantError;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/// The Ed25519 public key of a seed, which Conscrypt computes but does not give out.
final class Ed25519PublicKey {
  private Ed25519PublicKey() {}

  /// The 32-byte public key of a 32-byte seed, through the JDK's generator fed with the seed.
  static byte[] ofSeed(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
      generator.initialize(NamedParameterSpec.ED25519, new OneDraw(seed));
      byte[] encoded = generator.generateKeyPair().getPublic().getEncoded();
      return Arrays.copyOfRange(encoded, encoded.length - VerifyingKey.SIZE, encoded.length);
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
