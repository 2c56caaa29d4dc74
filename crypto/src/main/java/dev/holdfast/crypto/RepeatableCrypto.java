package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import java.security.Provider;
import java.security.SecureRandom;

/// [Crypto] for simulations: whatever draws is Bouncy Castle's and draws from the given source, and
/// whatever draws nothing is another implementation's. Since both give the same bytes for the same
/// secrets, nobody can tell which that was, but by the time it takes.
final class RepeatableCrypto implements Crypto {
  private final BouncyCastleCrypto drawing;
  private final Crypto rest;

  RepeatableCrypto(SecureRandom random, Crypto rest) {
    this.drawing = new BouncyCastleCrypto(random);
    this.rest = rest;
  }

  @Override
  public String name() {
    return "repeatable";
  }

  @Override
  public EnvelopeKeys generateEnvelopeKeys() {
    return drawing.generateEnvelopeKeys();
  }

  @Override
  public EnvelopeKeys envelopeKeys(SecretBytes seed) {
    return rest.envelopeKeys(seed);
  }

  @Override
  public Bytes seal(EnvelopeKey to, Bytes info, Bytes aad, SecretBytes plaintext) {
    return drawing.seal(to, info, aad, plaintext);
  }

  @Override
  public SecretBytes open(EnvelopeKeys mine, Bytes info, Bytes aad, Bytes sealed)
      throws EnvelopeException {
    return rest.open(mine, info, aad, sealed);
  }

  @Override
  public SigningKey generateSigningKey() {
    return drawing.generateSigningKey();
  }

  @Override
  public SigningKey signingKey(SecretBytes seed) {
    return drawing.signingKey(seed);
  }

  @Override
  public Bytes sign(SigningKey key, Bytes message) {
    return rest.sign(key, message);
  }

  @Override
  public boolean verify(VerifyingKey key, Bytes message, Bytes signature) {
    return rest.verify(key, message, signature);
  }

  @Override
  public Provider signatureProvider() {
    return rest.signatureProvider();
  }
}
