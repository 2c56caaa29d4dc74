package dev.holdfast.entropy.v1;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.SecretBytes;
import java.security.SecureRandom;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;

/// An X25519 private key of 32 bytes, to which messages are sealed. The owner closes it.
public final class X25519Key implements AutoCloseable {
  public static final int SIZE = 32;

  private final SecretBytes secret;
  private final Bytes publicKey;

  private X25519Key(SecretBytes secret) {
    this.secret = secret;
    this.publicKey =
        secret.apply(bytes ->
            Bytes.copyOf(new X25519PrivateKeyParameters(bytes).generatePublicKey().getEncoded()));
  }

  /// Copies `secret`, of 32 bytes.
  public static X25519Key of(SecretBytes secret) {
    InvariantError.check(secret.size() == SIZE, "an X25519 key has 32 bytes");
    return new X25519Key(secret.copy());
  }

  public static X25519Key generate(SecureRandom random) {
    return new X25519Key(SecretBytes.generate(SIZE, random));
  }

  public Bytes publicKey() {
    return publicKey;
  }

  /// A copy of the secret, which the caller closes.
  public SecretBytes secret() {
    return secret.copy();
  }

  @Override
  public void close() {
    secret.close();
  }

  @Override
  public String toString() {
    return "X25519Key[" + publicKey + "]";
  }

  SecretBytes lent() {
    return secret;
  }
}
