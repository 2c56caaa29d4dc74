package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.security.Provider;
import java.security.SecureRandom;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// [Crypto] in pure Java.
final class BouncyCastleCrypto implements Crypto {
  private static final int ENCAPSULATION_SEED_SIZE = 64;

  private final BouncyCastleHpke hpke = new BouncyCastleHpke(HPKE.kem_X_WING);
  private final Provider provider = new BouncyCastleProvider();
  private final SecureRandom random;

  BouncyCastleCrypto(SecureRandom random) {
    this.random = random;
  }

  @Override
  public String name() {
    return "bouncy-castle";
  }

  @Override
  public EnvelopeKeys generateEnvelopeKeys() {
    try (SecretBytes seed = SecretBytes.generate(EnvelopeKeys.SEED_SIZE, random)) {
      return envelopeKeys(seed);
    }
  }

  @Override
  public EnvelopeKeys envelopeKeys(SecretBytes seed) {
    InvariantError.check(seed.size() == EnvelopeKeys.SEED_SIZE, "an X-Wing seed has 32 bytes");
    return EnvelopeKeys.of(seed.copy(), seed.apply(hpke::publicKey));
  }

  @Override
  public Bytes seal(EnvelopeKey to, Bytes info, Bytes aad, SecretBytes plaintext) {
    try (SecretBytes seed = SecretBytes.generate(ENCAPSULATION_SEED_SIZE, random)) {
      return plaintext.apply(text ->
          seed.apply(s ->
              hpke.seal(to.encoded().toArray(), info.toArray(), aad.toArray(), text, s).toBytes()));
    }
  }

  @Override
  public SecretBytes open(EnvelopeKeys mine, Bytes info, Bytes aad, Bytes sealed)
      throws EnvelopeException {
    SealedParts parts = SealedParts.parse(sealed);
    return SecretBytes.take(
        mine.seed().attempt(seed -> hpke.open(seed, info.toArray(), aad.toArray(), parts)));
  }

  @Override
  public SigningKey generateSigningKey() {
    try (SecretBytes seed = SecretBytes.generate(SigningKey.SEED_SIZE, random)) {
      return signingKey(seed);
    }
  }

  @Override
  public SigningKey signingKey(SecretBytes seed) {
    InvariantError.check(seed.size() == SigningKey.SEED_SIZE, "an Ed25519 seed has 32 bytes");
    byte[] publicKey =
        seed.apply(s -> new Ed25519PrivateKeyParameters(s).generatePublicKey().getEncoded());
    return SigningKey.of(seed.copy(), VerifyingKey.computed(publicKey));
  }

  @Override
  public Bytes sign(SigningKey key, Bytes message) {
    byte[] text = message.toArray();
    return Bytes.copyOf(
        key.lentSeed()
            .apply(seed -> {
              Ed25519Signer signer = new Ed25519Signer();
              signer.init(true, new Ed25519PrivateKeyParameters(seed));
              signer.update(text, 0, text.length);
              return signer.generateSignature();
            }));
  }

  @Override
  public boolean verify(VerifyingKey key, Bytes message, Bytes signature) {
    if (signature.size() != SIGNATURE_SIZE) {
      return false;
    }
    byte[] encodedKey = key.encoded().toArray();
    Ed25519PublicKeyParameters publicKey;
    try {
      publicKey = new Ed25519PublicKeyParameters(encodedKey);
    } catch (IllegalArgumentException e) {
      return false;
    }
    byte[] text = message.toArray();
    byte[] encodedSignature = signature.toArray();
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, publicKey);
    verifier.update(text, 0, text.length);
    return verifier.verifySignature(encodedSignature)
        && holdsWithoutCofactor(encodedKey, text, encodedSignature);
  }

  /// Bouncy Castle checks the equation of RFC 8032 times eight, BoringSSL as it is. They differ
  /// only when the key or R has a part of small order; then the JDK decides, which checks as
  /// BoringSSL.
  private static boolean holdsWithoutCofactor(byte[] key, byte[] message, byte[] signature) {
    return (Ed25519.validatePublicKeyFull(key, 0) && Ed25519.validatePublicKeyFull(signature, 0))
        || PlatformEd25519.verify(key, message, signature);
  }

  @Override
  public Provider signatureProvider() {
    return provider;
  }
}
