package dev.holdfast.store;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.util.Optional;

/// Where a record lies in the engine: its space, and the first 128 bits of the keyed hash of space
/// and name. Two names would share a key by chance once in 2^64 names; nobody outside can aim.
///
/// Spec: docs/spec/store.md#engine-keys
record RecordKey(Space space, long high, long low) implements Comparable<RecordKey> {
  static final int SIZE = 17;

  /// The key for a name whose keyed hash is `hash` (at least 16 bytes).
  static RecordKey of(Space space, Bytes hash) {
    try {
      ByteReader in = ByteReader.of("name hash", hash);
      return new RecordKey(space, in.u64be("high"), in.u64be("low"));
    } catch (MalformedException e) {
      throw new InvariantError("a name hash has 16 bytes", e);
    }
  }

  /// Reads an engine key; empty when it is none of a record.
  static Optional<RecordKey> parse(byte[] key) {
    if (key.length != SIZE) {
      return Optional.empty();
    }
    Bytes hash = Bytes.copyOf(key, 1, SIZE - 1);
    return Space.ofPrefix(key[0]).map(space -> of(space, hash));
  }

  byte[] toArray() {
    return new ByteWriter().u8(space.prefix()).u64be(high).u64be(low).toArray();
  }

  @Override
  public int compareTo(RecordKey other) {
    int bySpace = space.compareTo(other.space);
    int byHigh = bySpace != 0 ? bySpace : Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// For error messages: tells records apart, tells nothing about names.
  @Override
  public String toString() {
    return "%s/%016x%016x".formatted(space, high, low);
  }
}
