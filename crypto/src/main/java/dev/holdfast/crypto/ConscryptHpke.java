package dev.holdfast.crypto;

import dev.holdfast.codec.InvariantError;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.EncodedKeySpec;
import java.security.spec.KeySpec;
import java.util.function.Function;
import javax.security.auth.DestroyFailedException;
import org.conscrypt.HpkeContextRecipient;
import org.conscrypt.HpkeContextSender;

/// Single-shot HPKE base mode (RFC 9180, 6.1) over BoringSSL, for one suite.
final class ConscryptHpke {
  private final Provider provider;
  private final String suite;
  private final String keyAlgorithm;
  private final Function<byte[], KeySpec> rawKey;

  /// `suite` in Conscrypt's notation; `rawKey` wraps an encoded key the way `keyAlgorithm` wants
  /// it.
  ConscryptHpke(
      Provider provider, String suite, String keyAlgorithm, Function<byte[], KeySpec> rawKey) {
    this.provider = provider;
    this.suite = suite;
    this.keyAlgorithm = keyAlgorithm;
    this.rawKey = rawKey;
  }

  static ConscryptHpke xWing(Provider provider) {
    return new ConscryptHpke(provider, "XWING/HKDF_SHA256/AES_256_GCM", "XWING", RawKeySpec::new);
  }

  /// `publicKey` is well-formed: BoringSSL fails without a reason on any other.
  SealedParts seal(byte[] publicKey, byte[] info, byte[] aad, byte[] plaintext) {
    try {
      PublicKey key =
          KeyFactory.getInstance(keyAlgorithm, provider).generatePublic(rawKey.apply(publicKey));
      HpkeContextSender sender = HpkeContextSender.getInstance(suite, provider);
      sender.init(key, info);
      return new SealedParts(sender.getEncapsulated(), sender.seal(plaintext, aad));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new InvariantError("sealing to a parsed key works", e);
    }
  }

  byte[] open(byte[] privateKey, byte[] info, byte[] aad, SealedParts sealed)
      throws EnvelopeException {
    PrivateKey key = privateKey(privateKey);
    try {
      HpkeContextRecipient recipient = recipient();
      initialize(recipient, sealed.encapsulation(), key, info);
      return recipient.open(sealed.ciphertext(), aad);
    } catch (GeneralSecurityException e) {
      throw EnvelopeException.doesNotOpen();
    } finally {
      destroy(key);
    }
  }

  private static void initialize(
      HpkeContextRecipient recipient, byte[] encapsulation, PrivateKey key, byte[] info)
      throws EnvelopeException {
    try {
      recipient.init(encapsulation, key, info);
    } catch (GeneralSecurityException | RuntimeException e) {
      // BoringSSL reports an encapsulation it cannot use as a bare RuntimeException: peer input.
      throw EnvelopeException.doesNotOpen();
    }
  }

  private HpkeContextRecipient recipient() {
    try {
      return HpkeContextRecipient.getInstance(suite, provider);
    } catch (GeneralSecurityException e) {
      throw new InvariantError("Conscrypt has " + suite, e);
    }
  }

  private PrivateKey privateKey(byte[] encoded) {
    try {
      return KeyFactory.getInstance(keyAlgorithm, provider).generatePrivate(rawKey.apply(encoded));
    } catch (GeneralSecurityException e) {
      throw new InvariantError("a generated private key imports", e);
    }
  }

  private static void destroy(PrivateKey key) {
    try {
      key.destroy();
    } catch (DestroyFailedException e) {
      throw new InvariantError("Conscrypt's private keys can be destroyed", e);
    }
  }

  /// A key in its raw encoding, in the form Conscrypt's key factories take it.
  static final class RawKeySpec extends EncodedKeySpec {
    RawKeySpec(byte[] encoded) {
      super(encoded);
    }

    @Override
    public String getFormat() {
      return "raw";
    }
  }
}
