package dev.holdfast.store;

import dev.holdfast.codec.ByteReader;
import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import java.util.OptionalInt;

/// The engine keys that are none of records.
///
/// Spec: docs/spec/store.md#engine-keys
final class EngineKeys {
  private static final int HEADER = 0;
  private static final int STATE = 1;
  private static final int SALT = 2;
  private static final int SALT_KEY_SIZE = 5;

  private EngineKeys() {}

  static byte[] header() {
    return new byte[] {HEADER};
  }

  static byte[] state() {
    return new byte[] {STATE};
  }

  static byte[] salt(int saltId) {
    return new ByteWriter().u8(SALT).u32be(saltId).toArray();
  }

  static boolean isHeaderOrState(byte[] key) {
    return key.length == 1 && (key[0] == HEADER || key[0] == STATE);
  }

  /// The id of the salt at `key`; empty when it is no salt's key.
  static OptionalInt saltId(byte[] key) {
    if (key.length != SALT_KEY_SIZE || key[0] != SALT) {
      return OptionalInt.empty();
    }
    ByteReader in = ByteReader.of("salt key", key);
    try {
      in.u8("prefix");
      return OptionalInt.of((int) in.u32be("salt id"));
    } catch (MalformedException e) {
      throw new InvariantError("a salt key has five bytes", e);
    }
  }
}
