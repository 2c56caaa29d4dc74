package dev.holdfast.node.context;

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
import java.util.Optional;

/// What the node keeps about itself in its own sealed store: the account's signing seed, the shares
/// of the present generation and, during a rotation, of the next, and what they belong to. Owns the
/// secrets.
///
/// Bytes: version (1) ‖ instance (8) ‖ highest generation drawn (8) ‖ store id (32) ‖ posture
/// digest (32) ‖ seed (32) ‖ number of sharings (1), 1 or 2 ‖ for each its generation (8), number
/// of shares (1) and shares (32 each, by index from 1); numbers big-endian.
public record NodeRecord(Facts facts, SecretBytes seed, List<Shared> sharings)
    implements AutoCloseable {
  private static final int VERSION = 2;
  private static final int MOST_SHARINGS = 2;
  private static final int HEAD_SIZE =
      1
          + 2 * Long.BYTES
          + SharingTerms.STORE_ID_SIZE
          + Posture.DIGEST_SIZE
          + SigningKey.SEED_SIZE
          + 1;

  /// The public part. `drawn` is the highest generation for which a root key was ever drawn: none
  /// is used twice.
  public record Facts(long instance, long drawn, Bytes storeId, Bytes posture) {}

  /// All shares of one generation's root key.
  public record Shared(long generation, List<Share> shares) {
    public Shared {
      shares = List.copyOf(shares);
    }

    private int size() {
      return Long.BYTES + 1 + shares.size() * Sharing.SECRET_SIZE;
    }
  }

  public NodeRecord {
    sharings = List.copyOf(sharings);
  }

  /// The shares of `generation`.
  public Optional<Shared> of(long generation) {
    return sharings.stream().filter(shared -> shared.generation() == generation).findFirst();
  }

  public SecretBytes toSecret() {
    int size = HEAD_SIZE + sharings.stream().mapToInt(Shared::size).sum();
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put((byte) VERSION).putLong(facts.instance()).putLong(facts.drawn());
    out.put(facts.storeId().toArray()).put(facts.posture().toArray());
    seed.use(out::put);
    out.put((byte) sharings.size());
    for (Shared shared : sharings) {
      out.putLong(shared.generation()).put((byte) shared.shares().size());
      shared.shares().forEach(share -> share.value().use(out::put));
    }
    return SecretBytes.take(out.array());
  }

  /// `bytes` stay the caller's.
  public static NodeRecord parse(SecretBytes bytes) throws MalformedException {
    if (bytes.size() < HEAD_SIZE) {
      throw malformed("size", "at least " + HEAD_SIZE + " bytes");
    }
    if (bytes.apply(array -> (int) array[0]) != VERSION) {
      throw malformed("version", "version " + VERSION);
    }
    checkSharings(bytes);
    return bytes.apply(array -> read(ByteBuffer.wrap(array)));
  }

  /// That there are as many bytes as the counts say, before anything is copied.
  private static void checkSharings(SecretBytes bytes) throws MalformedException {
    int sharings = bytes.apply(array -> (int) array[HEAD_SIZE - 1]);
    boolean fits = sharings >= 1 && sharings <= MOST_SHARINGS;
    int at = HEAD_SIZE;
    for (int i = 0; fits && i < sharings; i++) {
      int countAt = at + Long.BYTES;
      int count = countAt < bytes.size() ? bytes.apply(array -> (int) array[countAt]) : -1;
      fits = count >= 1 && count <= Threshold.MAX_N;
      at = countAt + 1 + count * Sharing.SECRET_SIZE;
    }
    if (!fits || at != bytes.size()) {
      throw malformed("shares", "the size that their number gives");
    }
  }

  private static NodeRecord read(ByteBuffer in) {
    in.get();
    long instance = in.getLong();
    long drawn = in.getLong();
    Bytes storeId = Bytes.copyOf(next(in, SharingTerms.STORE_ID_SIZE));
    Bytes posture = Bytes.copyOf(next(in, Posture.DIGEST_SIZE));
    SecretBytes seed = SecretBytes.take(next(in, SigningKey.SEED_SIZE));
    int count = in.get();
    List<Shared> sharings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sharings.add(readShared(in));
    }
    return new NodeRecord(new Facts(instance, drawn, storeId, posture), seed, sharings);
  }

  private static Shared readShared(ByteBuffer in) {
    long generation = in.getLong();
    int count = in.get();
    List<Share> shares = new ArrayList<>();
    for (int index = 1; index <= count; index++) {
      shares.add(new Share(index, SecretBytes.take(next(in, Sharing.SECRET_SIZE))));
    }
    return new Shared(generation, shares);
  }

  @Override
  public void close() {
    seed.close();
    sharings.forEach(shared -> shared.shares().forEach(Share::close));
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
