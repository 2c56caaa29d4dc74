package dev.holdfast.crypto;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/// HKDF-SHA256 (RFC 5869), extract then expand.
public final class Hkdf {
  /// The most bytes that one derivation gives: 255 blocks.
  public static final int MAX_SIZE = 255 * Hmac.SIZE;

  private static final String ALGORITHM = "HKDF-SHA256";

  private Hkdf() {}

  /// Derives `size` bytes from `key`, of 1 to [#MAX_SIZE]. `salt` may be empty; `info` is a frame
  /// that starts with a label of [Labels].
  public static SecretBytes derive(SecretBytes key, Bytes salt, Bytes info, int size) {
    InvariantError.check(size >= 1 && size <= MAX_SIZE, "HKDF gives 1 to 8160 bytes");
    return SecretBytes.take(key.apply(k -> compute(k, salt.toArray(), info.toArray(), size)));
  }

  private static byte[] compute(byte[] key, byte[] salt, byte[] info, int size) {
    try (RawKey rawKey = new RawKey("Generic", key)) {
      HKDFParameterSpec.Builder extract = HKDFParameterSpec.ofExtract().addIKM(rawKey);
      if (salt.length > 0) {
        extract.addSalt(salt);
      }
      return KDF.getInstance(ALGORITHM).deriveData(extract.thenExpand(info, size));
    } catch (GeneralSecurityException e) {
      throw new InvariantError("every Java platform has " + ALGORITHM, e);
    }
  }
}
