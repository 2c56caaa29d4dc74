package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

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

  /// Longer texts are for native code where it loads. The platform's cipher is faster once it is
  /// compiled, but few long texts take minutes until then, at a hundred times the cost.
  static final int MAX_PLATFORM_SIZE = 16 << 10;

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";

  private final RawKey key;

  /// Ciphers that know the key schedule: four times faster than making one each time. There are
  /// never more than threads that ran at once.
  private final Queue<Cipher> idle = new ConcurrentLinkedQueue<>();

  private final Queue<Cipher> idleNative = new ConcurrentLinkedQueue<>();

  /// Loaded with the first long text.
  private static final class Native {
    private static final @Nullable Provider PROVIDER = load();

    private static @Nullable Provider load() {
      try {
        return Conscrypt.newProvider();
      } catch (LinkageError e) {
        return null;
      }
    }
  }

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
    byte[] sealed = new byte[plaintext.length + OVERHEAD];
    seal(nonce, aad, plaintext, sealed, 0);
    return sealed;
  }

  /// Writes the sealed text to `target` from `offset` on.
  public void seal(byte[] nonce, byte[] aad, byte[] plaintext, byte[] target, int offset) {
    try {
      run(Cipher.ENCRYPT_MODE, nonce, aad, ByteBuffer.wrap(plaintext), target, offset);
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
    return open(nonce, aad, ByteBuffer.wrap(sealed));
  }

  /// [#open(byte[], byte[], byte[])] of what is left in `sealed`, which an array backs.
  public byte[] open(byte[] nonce, byte[] aad, ByteBuffer sealed) throws AeadException {
    if (sealed.remaining() < OVERHEAD) {
      throw new AeadException(
          "sealed text: expected at least 16 bytes, found " + sealed.remaining());
    }
    byte[] plaintext = new byte[sealed.remaining() - OVERHEAD];
    try {
      run(Cipher.DECRYPT_MODE, nonce, aad, sealed, plaintext, 0);
      return plaintext;
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
    idleNative.clear();
  }

  private void run(int mode, byte[] nonce, byte[] aad, ByteBuffer input, byte[] target, int offset)
      throws GeneralSecurityException {
    InvariantError.check(nonce.length == NONCE_SIZE, "a nonce has 12 bytes");
    Provider provider = input.remaining() > MAX_PLATFORM_SIZE ? Native.PROVIDER : null;
    Queue<Cipher> ciphers = provider == null ? idle : idleNative;
    Cipher known = ciphers.poll();
    Cipher cipher = known == null ? make(provider) : known;
    cipher.init(mode, key, new GCMParameterSpec(8 * OVERHEAD, nonce));
    cipher.updateAAD(aad);
    int from = input.arrayOffset() + input.position();
    int written = cipher.doFinal(input.array(), from, input.remaining(), target, offset);
    InvariantError.check(
        written == input.remaining() + (mode == Cipher.ENCRYPT_MODE ? OVERHEAD : -OVERHEAD),
        "AES-GCM adds or takes off a tag");
    // Only a cipher that did its work goes back; after a failure its state is not worth a thought.
    ciphers.offer(cipher);
  }

  private static Cipher make(@Nullable Provider provider) throws GeneralSecurityException {
    return provider == null
        ? Cipher.getInstance(TRANSFORMATION)
        : Cipher.getInstance(TRANSFORMATION, provider);
  }
}
