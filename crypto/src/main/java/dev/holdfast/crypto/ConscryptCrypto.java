package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.ConscryptHpke.RawKeySpec;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import org.conscrypt.Conscrypt;
import org.conscrypt.NativeCrypto;

/// [Crypto] over BoringSSL.
final class ConscryptCrypto implements Crypto {
  private static final String ED25519 = "EdDSA";

  private final Provider provider;
  private final ConscryptHpke hpke;
  private final SecureRandom random;

  private ConscryptCrypto(Provider provider) throws GeneralSecurityException {
    this.provider = provider;
    this.hpke = ConscryptHpke.xWing(provider);
    // Conscrypt's only generator: BoringSSL's RAND_bytes, whatever the name says.
    this.random = SecureRandom.getInstance("SHA1PRNG", provider);
  }

  static ConscryptCrypto load() {
    try {
      return new ConscryptCrypto(Conscrypt.newProvider());
    } catch (LinkageError | GeneralSecurityException e) {
      throw new ConscryptUnavailableException(e);
    }
  }

  @Override
  public String name() {
    return "conscrypt";
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
    return EnvelopeKeys.of(seed.copy(), seed.apply(NativeCrypto::XWING_public_key_from_seed));
  }

  @Override
  public Bytes seal(EnvelopeKey to, Bytes info, Bytes aad, SecretBytes plaintext) {
    return plaintext.apply(
        text -> hpke.seal(to.encoded().toArray(), info.toArray(), aad.toArray(), text).toBytes());
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
    VerifyingKey publicKey = VerifyingKey.computed(seed.apply(PlatformEd25519::publicKey));
    try {
      return signingKey(seed, publicKey);
    } catch (MalformedException e) {
      throw new InvariantError("the JDK and BoringSSL agree about Ed25519", e);
    }
  }

  @Override
  public Bytes sign(SigningKey key, Bytes message) {
    return Bytes.copyOf(
        key.lentSeed()
            .apply(seed -> {
              try {
                PrivateKey privateKey = keyFactory().generatePrivate(new RawKeySpec(seed));
                Signature signer = Signature.getInstance(ED25519, provider);
                signer.initSign(privateKey);
                signer.update(message.toArray());
                return signer.sign();
              } catch (GeneralSecurityException e) {
                throw new InvariantError("Ed25519 signs everything", e);
              }
            }));
  }

  @Override
  public boolean verify(VerifyingKey key, Bytes message, Bytes signature) {
    if (signature.size() != SIGNATURE_SIZE) {
      return false;
    }
    try {
      PublicKey publicKey = keyFactory().generatePublic(new RawKeySpec(key.encoded().toArray()));
      Signature verifier = Signature.getInstance(ED25519, provider);
      verifier.initVerify(publicKey);
      verifier.update(message.toArray());
      return verifier.verify(signature.toArray());
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new InvariantError("a parsed public key imports", e);
    }
  }

  @Override
  public Provider signatureProvider() {
    return provider;
  }

  private KeyFactory keyFactory() throws GeneralSecurityException {
    return KeyFactory.getInstance(ED25519, provider);
  }
}
