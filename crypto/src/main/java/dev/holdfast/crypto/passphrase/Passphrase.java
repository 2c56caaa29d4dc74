package dev.holdfast.crypto.passphrase;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// A key from what a person remembers, by Argon2id (RFC 9106): made slow and large on purpose, so
/// that who has the file cannot try many.
///
/// Spec: docs/spec/custody.md#keys
public final class Passphrase {
  public static final int KEY_SIZE = 32;
  public static final int SALT_SIZE = 16;

  private Passphrase() {}

  /// @param memoryKiB at least 8 a lane
  /// @param passes over the memory
  public record Cost(int memoryKiB, int passes, int lanes) {
    public static final int MAX_MEMORY_KIB = 1 << 20;
    public static final int MAX_PASSES = 64;
    public static final int MAX_LANES = 16;

    /// What RFC 9106, 4 recommends where memory is short: 64 MiB, three passes.
    public static final Cost DEFAULT = new Cost(64 * 1024, 3, 4);

    public Cost {
      InvariantError.check(isValid(memoryKiB, passes, lanes), "a cost is checked before");
    }

    /// Bounded, so that a file cannot make its reader work for ever.
    public static boolean isValid(int memoryKiB, int passes, int lanes) {
      return lanes >= 1
          && lanes <= MAX_LANES
          && memoryKiB >= 8 * lanes
          && memoryKiB <= MAX_MEMORY_KIB
          && passes >= 1
          && passes <= MAX_PASSES;
    }
  }

  /// The key, which the caller closes; the passphrase stays the caller's.
  public static SecretBytes key(SecretBytes passphrase, Bytes salt, Cost cost) {
    InvariantError.check(salt.size() == SALT_SIZE, "a salt has 16 bytes");
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKiB())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt.toArray())
            .build());
    byte[] key = new byte[KEY_SIZE];
    passphrase.use(bytes -> generator.generateBytes(bytes, key));
    return SecretBytes.take(key);
  }
}
