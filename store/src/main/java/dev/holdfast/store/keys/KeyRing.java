package dev.holdfast.store.keys;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// The keys of a store, all random, none derived from the root key: they survive its rotation.
///
/// Spec: docs/spec/store.md#key-ring
public record KeyRing(
    List<DataKey> dataKeys,
    SecretBytes nameKey,
    SecretBytes digestKey,
    SecretBytes witnessKey,
    SecretBytes derivationSecret)
    implements AutoCloseable {
  private static final int KEY_SIZE = 32;
  private static final int DATA_KEY_SIZE = 4 + 8 + KEY_SIZE;
  private static final int OTHER_KEYS_SIZE = 4 * KEY_SIZE;

  /// A key that records are sealed under, by way of a run's salt.
  ///
  /// @param id unique in the store's life
  /// @param generation the generation that brought it
  public record DataKey(int id, long generation, SecretBytes key) {}

  public KeyRing {
    dataKeys = List.copyOf(dataKeys);
  }

  public static KeyRing generate(long generation, SecureRandom random) {
    return new KeyRing(
        List.of(new DataKey(1, generation, SecretBytes.generate(KEY_SIZE, random))),
        SecretBytes.generate(KEY_SIZE, random),
        SecretBytes.generate(KEY_SIZE, random),
        SecretBytes.generate(KEY_SIZE, random),
        SecretBytes.generate(KEY_SIZE, random));
  }

  /// This ring and a fresh data key; shares the other keys with this ring.
  public KeyRing withDataKey(long generation, SecureRandom random) {
    List<DataKey> keys = new ArrayList<>(dataKeys);
    SecretBytes key = SecretBytes.generate(KEY_SIZE, random);
    keys.add(new DataKey(Math.addExact(newest().id(), 1), generation, key));
    return new KeyRing(keys, nameKey, digestKey, witnessKey, derivationSecret);
  }

  /// This ring without the data keys below `id`, which is one of it; shares all keys with this
  /// ring.
  public KeyRing withoutBelow(int id) {
    List<DataKey> kept = dataKeys.stream().filter(key -> key.id() >= id).toList();
    return new KeyRing(kept, nameKey, digestKey, witnessKey, derivationSecret);
  }

  /// Erases the data keys below `id`.
  public void eraseBelow(int id) {
    dataKeys.stream().filter(key -> key.id() < id).forEach(key -> key.key().close());
  }

  /// The key for new records.
  public DataKey newest() {
    return dataKeys.getLast();
  }

  public SecretBytes encode() {
    ByteBuffer out =
        ByteBuffer.allocate(2 + dataKeys.size() * DATA_KEY_SIZE + OTHER_KEYS_SIZE)
            .putShort((short) dataKeys.size());
    for (DataKey dataKey : dataKeys) {
      out.putInt(dataKey.id()).putLong(dataKey.generation());
      dataKey.key().use(out::put);
    }
    for (SecretBytes key : others()) {
      key.use(out::put);
    }
    return SecretBytes.take(out.array());
  }

  /// Reads what [#encode] wrote and a header key authenticated.
  public static KeyRing parse(byte[] encoded) throws MalformedException {
    ByteBuffer in = ByteBuffer.wrap(encoded);
    int count = encoded.length < 2 ? 0 : in.getShort() & 0xffff;
    if (count == 0 || encoded.length != 2 + count * DATA_KEY_SIZE + OTHER_KEYS_SIZE) {
      throw new MalformedException(
          "store key ring", 0, "size", "that of one or more data keys", encoded.length + " bytes");
    }
    List<DataKey> dataKeys = new ArrayList<>();
    int last = 0;
    for (int i = 0; i < count; i++) {
      DataKey key = new DataKey(in.getInt(), in.getLong(), key(in));
      InvariantError.check(key.id() > last, "data keys are written in ascending order of id");
      last = key.id();
      dataKeys.add(key);
    }
    return new KeyRing(dataKeys, key(in), key(in), key(in), key(in));
  }

  @Override
  public void close() {
    dataKeys.forEach(key -> key.key().close());
    others().forEach(SecretBytes::close);
  }

  private List<SecretBytes> others() {
    return List.of(nameKey, digestKey, witnessKey, derivationSecret);
  }

  private static SecretBytes key(ByteBuffer in) {
    byte[] key = new byte[KEY_SIZE];
    in.get(key);
    return SecretBytes.take(key);
  }
}
