package dev.holdfast.crypto;

import dev.holdfast.codec.InvariantError;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;

/// Single-shot HPKE base mode (RFC 9180, 6.1) in pure Java, for one KEM with HKDF-SHA256 and
/// AES-256-GCM.
final class BouncyCastleHpke {
  private final short kem;

  BouncyCastleHpke(short kem) {
    this.kem = kem;
  }

  /// The public key that a seed determines.
  byte[] publicKey(byte[] seed) {
    HPKE hpke = hpke();
    return hpke.serializePublicKey(keyPair(hpke, seed).getPublic());
  }

  /// Deterministic: the encapsulation comes from `seed`, of the size the KEM wants (64 for X-Wing).
  SealedParts seal(byte[] publicKey, byte[] info, byte[] aad, byte[] plaintext, byte[] seed) {
    try {
      HPKE hpke = hpke();
      HPKEContextWithEncapsulation sender =
          hpke.setupBaseS(hpke.deserializePublicKey(publicKey), info, seed);
      return new SealedParts(sender.getEncapsulation(), sender.seal(aad, plaintext));
    } catch (InvalidCipherTextException e) {
      throw new InvariantError("sealing to a parsed key works", e);
    }
  }

  byte[] open(byte[] privateKey, byte[] info, byte[] aad, SealedParts sealed)
      throws EnvelopeException {
    HPKE hpke = hpke();
    AsymmetricCipherKeyPair keys = keyPair(hpke, privateKey);
    HPKEContext recipient;
    try {
      recipient = hpke.setupBaseR(sealed.encapsulation(), keys, info);
    } catch (RuntimeException e) {
      // An encapsulation it cannot use is an unchecked exception of several kinds: peer input.
      throw EnvelopeException.doesNotOpen();
    }
    try {
      return recipient.open(aad, sealed.ciphertext());
    } catch (InvalidCipherTextException e) {
      throw EnvelopeException.doesNotOpen();
    }
  }

  private HPKE hpke() {
    return new HPKE(HPKE.mode_base, kem, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
  }

  private static AsymmetricCipherKeyPair keyPair(HPKE hpke, byte[] seed) {
    return hpke.deserializePrivateKey(seed, null);
  }
}
