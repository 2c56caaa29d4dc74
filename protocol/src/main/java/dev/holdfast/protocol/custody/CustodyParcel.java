package dev.holdfast.protocol.custody;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Sharing;
import java.util.Arrays;

/// What is sealed to a custodian: its share, and the digest of the terms under which it has it.
///
/// Bytes: share (32) ‖ digest (32). Owns the share.
///
/// Spec: docs/spec/custody.md#shares
public record CustodyParcel(SecretBytes share, Bytes terms) implements AutoCloseable {
  static final int SIZE = 2 * Sharing.SECRET_SIZE;

  /// The bytes, which the caller closes.
  SecretBytes toSecret() {
    byte[] out = new byte[SIZE];
    share.use(array -> System.arraycopy(array, 0, out, 0, Sharing.SECRET_SIZE));
    System.arraycopy(terms.toArray(), 0, out, Sharing.SECRET_SIZE, Sharing.SECRET_SIZE);
    return SecretBytes.take(out);
  }

  /// `plaintext` stays the caller's.
  public static CustodyParcel parse(SecretBytes plaintext) throws MalformedException {
    if (plaintext.size() != SIZE) {
      throw new MalformedException(
          "custodian's share", 0, "size", SIZE + " bytes", plaintext.size() + " bytes");
    }
    Bytes terms =
        plaintext.apply(array -> Bytes.copyOf(array, Sharing.SECRET_SIZE, Sharing.SECRET_SIZE));
    SecretBytes share =
        SecretBytes.take(plaintext.apply(array -> Arrays.copyOf(array, Sharing.SECRET_SIZE)));
    return new CustodyParcel(share, terms);
  }

  @Override
  public void close() {
    share.close();
  }
}
