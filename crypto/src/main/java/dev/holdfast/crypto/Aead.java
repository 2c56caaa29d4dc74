package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.security.GeneralSecurityException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/// One AES-256-GCM key, made once and used many times. The caller chooses the 12-byte nonces and
/// never repeats one under the same key.
///
/// A sealed text is the ciphertext followed by the 16-byte tag: [#OVERHEAD] bytes more than the
/// plaintext. Safe for several threads until the owner closes it. Arrays are neither kept nor
/// changed.
public final class Aead implements AutoCloseable {
  public static final int KEY_SIZE = 32;
  public static final int NONCE_SIZE = 12;

  /// Bytes that sealing adds: the tag.
  public static final int OVERHEAD = 16;

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";

  private final RawKey key;

  /// Ciphers that know the key schedule: four times faster than making one each time. There are
  /// never more than threads that ran at once.
  private final Queue<Cipher> idle = new ConcurrentLinkedQueue<>();

  private Aead(RawKey key) {
    this.key = key;
  }

  /// An AEAD under a copy of `key` (32 bytes), which stays the caller's.
  public static Aead of(SecretBytes key) {
    InvariantError.check(key.size() == KEY_SIZE, "an AES-256 key has 32 bytes");
    return new Aead(key.apply(k -> new RawKey("AES", k)));
  }

  /// Sealing twice in a row under one nonce is a bug that this may notice, and need not.
  public byte[] seal(byte[] nonce, byte[] aad, byte[] plaintext) {
    try {
      return run(Cipher.ENCRYPT_MODE, nonce, aad, plaintext);
    } catch (GeneralSecurityException e) {
      throw new InvariantError("AES-GCM seals whatever fits in memory, under a fresh nonce", e);
    }
  }

  public Bytes seal(Bytes nonce, Bytes aad, SecretBytes plaintext) {
    return Bytes.copyOf(plaintext.apply(text -> seal(nonce.toArray(), aad.toArray(), text)));
  }

  /// The plaintext, which is the caller's to erase.
  ///
  /// @throws AeadException when key, nonce, associated data or sealed text is not what was sealed
  public byte[] open(byte[] nonce, byte[] aad, byte[] sealed) throws AeadException {
    if (sealed.length < OVERHEAD) {
      throw new AeadException("sealed text: expected at least 16 bytes, found " + sealed.length);
    }
    try {
      return run(Cipher.DECRYPT_MODE, nonce, aad, sealed);
    } catch (AEADBadTagException e) {
      throw new AeadException("sealed text: the tag does not match");
    } catch (GeneralSecurityException e) {
      throw new InvariantError("AES-GCM fails only by its tag", e);
    }
  }

  /// The plaintext as a secret that the caller closes.
  ///
  /// @throws AeadException when key, nonce, associated data or sealed text is not what was sealed
  public SecretBytes open(Bytes nonce, Bytes aad, Bytes sealed) throws AeadException {
    return SecretBytes.take(open(nonce.toArray(), aad.toArray(), sealed.toArray()));
  }

  /// Erases the key; idempotent.
  @Override
  public void close() {
    key.close();
    idle.clear();
  }

  private byte[] run(int mode, byte[] nonce, byte[] aad, byte[] input)
      throws GeneralSecurityException {
    InvariantError.check(nonce.length == NONCE_SIZE, "a nonce has 12 bytes");
    Cipher known = idle.poll();
    Cipher cipher = known == null ? Cipher.getInstance(TRANSFORMATION) : known;
    cipher.init(mode, key, new GCMParameterSpec(8 * OVERHEAD, nonce));
    cipher.updateAAD(aad);
    byte[] output = cipher.doFinal(input);
    // Only a cipher that did its work goes back; after a failure its state is not worth a thought.
    idle.offer(cipher);
    return output;
  }
}
