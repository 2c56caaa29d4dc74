package dev.holdfast.entropy.v1;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import java.security.SecureRandom;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;

/// Single-shot HPKE base mode (RFC 9180) with X25519, HKDF-SHA256 and ChaCha20-Poly1305; `info` and
/// `aad` are empty. [dev.holdfast.crypto.Crypto] has another suite, with post-quantum keys and
/// bound purposes; this is the original's.
final class Hpke {
  private static final byte[] NONE = {};

  private Hpke() {}

  /// What is sent.
  record Sealed(Bytes encapsulation, Bytes ciphertext) {}

  /// @throws MalformedException when `receiver` is no key that can be sealed to
  static Sealed seal(Bytes receiver, SecretBytes plaintext, SecureRandom random)
      throws MalformedException {
    return seal(receiver, plaintext, new X25519PrivateKeyParameters(random));
  }

  /// [#seal] under a chosen ephemeral key, for vectors.
  static Sealed seal(Bytes receiver, SecretBytes plaintext, X25519PrivateKeyParameters ephemeral)
      throws MalformedException {
    HPKE hpke = hpke();
    AsymmetricCipherKeyPair pair =
        new AsymmetricCipherKeyPair(ephemeral.generatePublicKey(), ephemeral);
    try {
      AsymmetricKeyParameter to = hpke.deserializePublicKey(receiver.toArray());
      var context = hpke.setupBaseS(to, NONE, pair);
      byte[] ciphertext = plaintext.attempt(text -> context.seal(NONE, text));
      return new Sealed(Bytes.copyOf(context.getEncapsulation()), Bytes.copyOf(ciphertext));
    } catch (InvalidCipherTextException e) {
      throw new InvariantError("sealing to a good key works", e);
    } catch (RuntimeException e) {
      // Small-order keys end in an unchecked exception: peer input.
      throw new MalformedException("X25519 key", 0, "key", "a key of the large group", "another");
    }
  }

  /// @throws MalformedException when it was not sealed to `mine`, or has changed
  static SecretBytes open(X25519Key mine, Sealed sealed) throws MalformedException {
    HPKE hpke = hpke();
    try {
      return SecretBytes.take(
          mine.lent()
              .attempt(secret ->
                  hpke.setupBaseR(sealed.encapsulation().toArray(), pair(secret), NONE)
                      .open(NONE, sealed.ciphertext().toArray())));
    } catch (InvalidCipherTextException | RuntimeException e) {
      throw new MalformedException("sealed text", 0, "text", "sealed to this key", "other bytes");
    }
  }

  private static AsymmetricCipherKeyPair pair(byte[] secret) {
    X25519PrivateKeyParameters key = new X25519PrivateKeyParameters(secret);
    return new AsymmetricCipherKeyPair(key.generatePublicKey(), key);
  }

  private static HPKE hpke() {
    return new HPKE(
        HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
  }
}
