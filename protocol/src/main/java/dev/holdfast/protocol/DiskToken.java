package dev.holdfast.protocol;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.Hmac;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;
import java.security.SecureRandom;

/// A random value on the depositor's disk. A recovery proves that it knows the token, so that a
/// stranger with a genuine VM and the public image, but not this disk, gets nothing and costs
/// nothing. It is no secret from the machine's operator, who can read the disk.
///
/// Spec: docs/spec/protocol.md#disk-token
public record DiskToken(Bytes value) {
  public static final int SIZE = 32;
  public static final int PROOF_SIZE = Hmac.SIZE;

  public DiskToken {
    InvariantError.check(value.size() == SIZE, "a disk token has 32 bytes");
  }

  public static DiskToken generate(SecureRandom random) {
    byte[] value = new byte[SIZE];
    random.nextBytes(value);
    return new DiskToken(Bytes.copyOf(value));
  }

  /// What a deposit carries: enough to check proofs, not enough to know the token.
  public Bytes key() {
    return Frame.of(Labels.DISK_TOKEN_KEY, value).sha256();
  }

  /// One request to one provider: what a proof is about.
  public record Statement(
      AccountId account, AccountId provider, Bytes challenge, EnvelopeKey responseKey) {
    private Bytes frame() {
      return Frame.of(
          Labels.DISK_TOKEN_PROOF,
          account.bytes(),
          provider.bytes(),
          challenge,
          responseKey.encoded());
    }
  }

  /// The proof that whoever makes `statement` knows the token with this `key`.
  public static Bytes prove(Bytes key, Statement statement) {
    try (SecretBytes secret = SecretBytes.take(key.toArray())) {
      return Hmac.sha256(secret, statement.frame());
    }
  }

  /// True when `proof` is the one that [#prove] makes; in constant time.
  public static boolean holds(Bytes key, Statement statement, Bytes proof) {
    try (SecretBytes secret = SecretBytes.take(key.toArray())) {
      return Hmac.verify(secret, statement.frame(), proof);
    }
  }
}
