package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.crypto.SigningKey;
import dev.holdfast.protocol.Posture;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.Threshold;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What the node keeps about itself in its own sealed store: the account's signing seed, the shares
/// of the present generation, and what they belong to. Owns the secrets.
///
/// Bytes: version (1) ‖ instance (8) ‖ generation (8) ‖ store id (32) ‖ posture digest (32) ‖ seed
/// (32) ‖ number of shares (1) ‖ shares (32 each, by index from 1); numbers big-endian.
record NodeRecord(Facts facts, SecretBytes seed, List<Share> shares) implements AutoCloseable {
  private static final int VERSION = 1;
  private static final int HEAD_SIZE =
      1
          + 2 * Long.BYTES
          + SharingTerms.STORE_ID_SIZE
          + Posture.DIGEST_SIZE
          + SigningKey.SEED_SIZE
          + 1;

  /// The public part.
  record Facts(long instance, long generation, Bytes storeId, Bytes posture) {
    Facts withInstance(long next) {
      return new Facts(next, generation, storeId, posture);
    }
  }

  NodeRecord {
    shares = List.copyOf(shares);
  }

  SecretBytes toSecret() {
    ByteBuffer out = ByteBuffer.allocate(HEAD_SIZE + shares.size() * Sharing.SECRET_SIZE);
    out.put((byte) VERSION).putLong(facts.instance()).putLong(facts.generation());
    out.put(facts.storeId().toArray()).put(facts.posture().toArray());
    seed.use(out::put);
    out.put((byte) shares.size());
    shares.forEach(share -> share.value().use(out::put));
    return SecretBytes.take(out.array());
  }

  /// `bytes` stay the caller's.
  static NodeRecord parse(SecretBytes bytes) throws MalformedException {
    if (bytes.size() < HEAD_SIZE) {
      throw malformed("size", "at least " + HEAD_SIZE + " bytes");
    }
    int count = bytes.apply(array -> (int) array[HEAD_SIZE - 1]);
    if (bytes.apply(array -> (int) array[0]) != VERSION) {
      throw malformed("version", "version " + VERSION);
    }
    if (count < 0
        || count > Threshold.MAX_N
        || bytes.size() != HEAD_SIZE + count * Sharing.SECRET_SIZE) {
      throw malformed("shares", "the size that their number gives");
    }
    return bytes.apply(array -> read(ByteBuffer.wrap(array), count));
  }

  private static NodeRecord read(ByteBuffer in, int count) {
    in.get();
    long instance = in.getLong();
    long generation = in.getLong();
    Bytes storeId = Bytes.copyOf(next(in, SharingTerms.STORE_ID_SIZE));
    Bytes posture = Bytes.copyOf(next(in, Posture.DIGEST_SIZE));
    SecretBytes seed = SecretBytes.take(next(in, SigningKey.SEED_SIZE));
    in.get();
    List<Share> shares = new ArrayList<>();
    for (int index = 1; index <= count; index++) {
      shares.add(new Share(index, SecretBytes.take(next(in, Sharing.SECRET_SIZE))));
    }
    return new NodeRecord(new Facts(instance, generation, storeId, posture), seed, shares);
  }

  @Override
  public void close() {
    seed.close();
    shares.forEach(Share::close);
  }

  private static byte[] next(ByteBuffer in, int size) {
    byte[] bytes = new byte[size];
    in.get(bytes);
    return bytes;
  }

  private static MalformedException malformed(String field, String expected) {
    return new MalformedException("node record", 0, field, expected, "another");
  }
}
