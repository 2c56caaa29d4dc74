package dev.holdfast.protocol.message;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.protocol.SignedBody;
import java.util.Arrays;

/// The bytes of a share with what is said about it: share (32) ‖ signature (64) ‖ body.
final class ParcelBytes {
  private static final int SHARE_SIZE = Sharing.SECRET_SIZE;

  private ParcelBytes() {}

  static SecretBytes join(SecretBytes share, SignedBody signed) {
    byte[] tail = new ByteWriter().bytes(signed.signature()).bytes(signed.body()).toArray();
    byte[] out = new byte[SHARE_SIZE + tail.length];
    share.use(array -> System.arraycopy(array, 0, out, 0, SHARE_SIZE));
    System.arraycopy(tail, 0, out, SHARE_SIZE, tail.length);
    return SecretBytes.take(out);
  }

  /// Everything behind the share.
  static SignedBody signed(String format, SecretBytes plaintext) throws MalformedException {
    if (plaintext.size() <= SHARE_SIZE) {
      throw new MalformedException(
          format, 0, "size", "more than " + SHARE_SIZE + " bytes", plaintext.size() + " bytes");
    }
    Bytes tail =
        plaintext.apply(array -> Bytes.copyOf(array, SHARE_SIZE, array.length - SHARE_SIZE));
    ByteReader reader = ByteReader.of(format, tail);
    Bytes signature = reader.bytes(Crypto.SIGNATURE_SIZE, "signature");
    return new SignedBody(reader.rest(), signature);
  }

  /// A copy of the share of a plaintext that [#signed] accepted.
  static SecretBytes share(SecretBytes plaintext) {
    return SecretBytes.take(plaintext.apply(array -> Arrays.copyOf(array, SHARE_SIZE)));
  }
}
