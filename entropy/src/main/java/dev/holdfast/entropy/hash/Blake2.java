package dev.holdfast.entropy.hash;

import dev.holdfast.codec.Bytes;
import java.util.List;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;

/// BLAKE2 (RFC 7693) without key over the parts one after another.
public final class Blake2 {
  private Blake2() {}

  /// BLAKE2b with `size` bytes of output, 1 to 64.
  public static Bytes b(int size, Bytes... parts) {
    return digest(new Blake2bDigest(8 * size), List.of(parts));
  }

  /// BLAKE2s with 32 bytes of output.
  public static Bytes s256(Bytes... parts) {
    return digest(new Blake2sDigest(256), List.of(parts));
  }

  private static Bytes digest(Digest digest, List<Bytes> parts) {
    for (Bytes part : parts) {
      digest.update(part.toArray(), 0, part.size());
    }
    byte[] output = new byte[digest.getDigestSize()];
    digest.doFinal(output, 0);
    return Bytes.copyOf(output);
  }
}
