package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;

/// One HMAC-SHA256 key, made once and used many times; [Hmac] is for one message. Safe for several
/// threads until the owner closes it.
public final class MacKey implements AutoCloseable {
  static final String ALGORITHM = "HmacSHA256";

  private final RawKey key;
  private final Queue<Mac> idle = new ConcurrentLinkedQueue<>();

  private MacKey(RawKey key) {
    this.key = key;
  }

  /// A MAC key with a copy of `key`, which has at least one byte and stays the caller's.
  public static MacKey of(SecretBytes key) {
    return new MacKey(key.apply(k -> new RawKey(ALGORITHM, k)));
  }

  /// The 32-byte MAC of `message`.
  public Bytes mac(Bytes message) {
    return Bytes.copyOf(mac(message.toArray()));
  }

  /// The 32-byte MAC of `message`, as a fresh array.
  public byte[] mac(byte[] message) {
    InvariantError.check(!key.isDestroyed(), "a key is used after its owner closed it");
    Mac known = idle.poll();
    Mac mac = known == null ? keyed() : known;
    byte[] result = mac.doFinal(message);
    idle.offer(mac);
    return result;
  }

  /// True when `mac` is the MAC of `message`; takes the same time for every wrong one of 32 bytes.
  public boolean verify(Bytes message, Bytes mac) {
    return MessageDigest.isEqual(mac(message.toArray()), mac.toArray());
  }

  /// Erases the key; idempotent.
  @Override
  public void close() {
    key.close();
    idle.clear();
  }

  private Mac keyed() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new InvariantError("every Java platform has " + ALGORITHM, e);
    }
  }
}
