package dev.holdfast.crypto;

import dev.holdfast.codec.InvariantError;

/// An Ed25519 private key: the 32-byte seed of RFC 8032 and the public key it determines. Safe for
/// several threads until the owner closes it.
///
/// Spec: docs/spec/envelope.md#signatures
public final class SigningKey implements AutoCloseable {
  public static final int SEED_SIZE = 32;

  private final SecretBytes seed;
  private final VerifyingKey publicKey;

  private SigningKey(SecretBytes seed, VerifyingKey publicKey) {
    this.seed = seed;
    this.publicKey = publicKey;
  }

  /// Takes `seed` over, which must be that of `publicKey`.
  static SigningKey of(SecretBytes seed, VerifyingKey publicKey) {
    InvariantError.check(seed.size() == SEED_SIZE, "an Ed25519 seed has 32 bytes");
    return new SigningKey(seed, publicKey);
  }

  public VerifyingKey publicKey() {
    return publicKey;
  }

  /// A copy of the seed, which the caller closes.
  public SecretBytes seed() {
    return seed.copy();
  }

  /// Erases the seed; idempotent.
  @Override
  public void close() {
    seed.close();
  }

  @Override
  public String toString() {
    return "SigningKey[" + publicKey + "]";
  }

  SecretBytes lentSeed() {
    return seed;
  }
}
