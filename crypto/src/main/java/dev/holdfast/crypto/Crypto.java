package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.MalformedException;
import java.security.Provider;
import java.security.SecureRandom;

/// Envelopes and signatures. Two implementations give the same bytes for the same secrets and
/// accept and refuse the same input: Conscrypt (native, fast, with its own randomness) and Bouncy
/// Castle (pure Java, draws from the random source it was given).
///
/// Keys of one implementation work in the other. Safe for several threads.
///
/// Spec: docs/spec/envelope.md
public sealed interface Crypto permits ConscryptCrypto, BouncyCastleCrypto, RepeatableCrypto {
  /// Bytes of an Ed25519 signature.
  int SIGNATURE_SIZE = 64;

  /// Bytes that sealing adds to a plaintext: the encapsulation and the tag.
  int ENVELOPE_OVERHEAD = SealedParts.ENCAPSULATION_SIZE + Aead.OVERHEAD;

  /// The native implementation.
  ///
  /// @throws ConscryptUnavailableException when its library does not load on this machine
  static Crypto conscrypt() {
    return ConscryptCrypto.load();
  }

  /// The pure Java implementation; everything it draws comes from `random`.
  static Crypto bouncyCastle(SecureRandom random) {
    return new BouncyCastleCrypto(random);
  }

  /// For simulations: everything it draws comes from `random`, and what draws nothing is done by
  /// `rest`, of whatever implementation.
  static Crypto repeatable(SecureRandom random, Crypto rest) {
    return new RepeatableCrypto(random, rest);
  }

  /// The native implementation where it loads, else the other one over `random`; [#name] says
  /// which.
  static Crypto preferred(SecureRandom random) {
    try {
      return conscrypt();
    } catch (ConscryptUnavailableException e) {
      return bouncyCastle(random);
    }
  }

  /// `conscrypt`, `bouncy-castle` or `repeatable`.
  String name();

  /// Fresh envelope keys, which the caller closes.
  EnvelopeKeys generateEnvelopeKeys();

  /// The envelope keys that a 32-byte seed determines; copies the seed.
  EnvelopeKeys envelopeKeys(SecretBytes seed);

  /// Seals `plaintext` to `to`: the 1120-byte encapsulation, then the ciphertext and its tag.
  ///
  /// `info` is a frame that starts with a label of [Labels]; `aad` may be empty.
  Bytes seal(EnvelopeKey to, Bytes info, Bytes aad, SecretBytes plaintext);

  /// Opens what [#seal] sealed to the public half of `mine`, under the same `info` and `aad`.
  ///
  /// @throws EnvelopeException when it was not sealed so, or any byte of it has changed
  SecretBytes open(EnvelopeKeys mine, Bytes info, Bytes aad, Bytes sealed) throws EnvelopeException;

  /// A fresh signing key, which the caller closes.
  SigningKey generateSigningKey();

  /// The signing key that a 32-byte seed determines; copies the seed.
  SigningKey signingKey(SecretBytes seed);

  /// [#signingKey(SecretBytes)] for a seed whose public key is known: faster, since with Conscrypt
  /// the other has to start up the JDK's Ed25519.
  ///
  /// @throws MalformedException when `publicKey` is not that of `seed`
  default SigningKey signingKey(SecretBytes seed, VerifyingKey publicKey)
      throws MalformedException {
    SigningKey key = SigningKey.of(seed.copy(), publicKey);
    // Signing takes the seed alone, so a signature that holds shows that the two belong together.
    Bytes message = Frame.of(Labels.KEY_CHECK_SIGNATURE, publicKey.encoded());
    if (!verify(publicKey, message, sign(key, message))) {
      key.close();
      throw new MalformedException(
          "Ed25519 key pair", 0, "public key", "that of the seed", "another");
    }
    return key;
  }

  /// The 64-byte Ed25519 signature of `message`, a frame that starts with a label of [Labels].
  Bytes sign(SigningKey key, Bytes message);

  /// True when `signature` is one of `message` under `key`; false for anything else, of any size.
  boolean verify(VerifyingKey key, Bytes message, Bytes signature);

  /// The provider of ECDSA with P-256 that the attestation verifier uses.
  Provider signatureProvider();
}
