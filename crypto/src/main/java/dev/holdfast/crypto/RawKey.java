package dev.holdfast.crypto;

import dev.holdfast.codec.InvariantError;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import javax.crypto.SecretKey;

/// A symmetric key in the form the platform's ciphers take, zeroed on close.
final class RawKey implements SecretKey, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private final String algorithm;
  private final transient byte[] encoded;
  private volatile boolean destroyed;

  RawKey(String algorithm, byte[] key) {
    InvariantError.check(key.length > 0, "a key has at least one byte");
    this.algorithm = algorithm;
    this.encoded = key.clone();
  }

  @Override
  public String getAlgorithm() {
    return algorithm;
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  @Override
  public byte[] getEncoded() {
    InvariantError.check(!destroyed, "a key is used after its owner closed it");
    return encoded.clone();
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public void destroy() {
    destroyed = true;
    Arrays.fill(encoded, (byte) 0);
  }

  @Override
  public void close() {
    destroy();
  }

  @Override
  public String toString() {
    return "RawKey[" + algorithm + "]";
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("a key leaves the process only sealed");
  }
}
