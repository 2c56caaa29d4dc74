package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;

/// A pair of envelope keys: the 32-byte X-Wing seed and the public key it determines. Drawn per
/// process, never stored. Safe for several threads until the owner closes it.
///
/// Spec: docs/spec/envelope.md#keys
public final class EnvelopeKeys implements AutoCloseable {
  public static final int SEED_SIZE = 32;

  private final SecretBytes seed;
  private final EnvelopeKey publicKey;

  private EnvelopeKeys(SecretBytes seed, EnvelopeKey publicKey) {
    this.seed = seed;
    this.publicKey = publicKey;
  }

  /// Takes `seed` over.
  static EnvelopeKeys of(SecretBytes seed, byte[] publicKey) {
    try {
      return new EnvelopeKeys(seed, EnvelopeKey.parse(Bytes.copyOf(publicKey)));
    } catch (MalformedException e) {
      throw new InvariantError("key generation gives well-formed keys", e);
    }
  }

  public EnvelopeKey publicKey() {
    return publicKey;
  }

  /// Erases the seed; idempotent.
  @Override
  public void close() {
    seed.close();
  }

  @Override
  public String toString() {
    return "EnvelopeKeys[" + publicKey + "]";
  }

  SecretBytes seed() {
    return seed;
  }
}
