package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;

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

  /// Takes `seed` over.
  static SigningKey of(SecretBytes seed, byte[] publicKey) {
    try {
      return new SigningKey(seed, VerifyingKey.parse(Bytes.copyOf(publicKey)));
    } catch (MalformedException e) {
      throw new InvariantError("key generation gives well-formed keys", e);
    }
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
