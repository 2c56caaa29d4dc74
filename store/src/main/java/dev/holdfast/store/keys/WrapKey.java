package dev.holdfast.store.keys;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.Hkdf;
import dev.holdfast.crypto.Labels;
import dev.holdfast.crypto.SecretBytes;

/// What one generation's root key gives the store: the key-encryption key, and a public value by
/// which a header says that it was written under this root key.
///
/// Spec: docs/spec/store.md#header
public record WrapKey(long generation, SecretBytes keyEncryptionKey, Bytes keyCheck)
    implements AutoCloseable {
  public static final int ROOT_KEY_SIZE = 32;
  public static final int KEY_CHECK_SIZE = 16;

  public static WrapKey derive(long generation, SecretBytes rootKey) {
    InvariantError.check(generation > 0, "generations count from 1");
    return new WrapKey(
        generation, derive(rootKey, Labels.STORE_KEY_ENCRYPTION_KEY, 32), check(rootKey));
  }

  /// The key check of a root key.
  public static Bytes check(SecretBytes rootKey) {
    try (SecretBytes check = derive(rootKey, Labels.STORE_KEY_CHECK, KEY_CHECK_SIZE)) {
      return check.apply(Bytes::copyOf);
    }
  }

  @Override
  public void close() {
    keyEncryptionKey.close();
  }

  private static SecretBytes derive(SecretBytes rootKey, String label, int size) {
    InvariantError.check(rootKey.size() == ROOT_KEY_SIZE, "a root key has 32 bytes");
    return Hkdf.derive(rootKey, Bytes.EMPTY, Frame.of(label, new Bytes[0]), size);
  }
}
