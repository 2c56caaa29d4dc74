package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import java.nio.file.Path;

/// What somebody else remembers, to notice later that a store went back in time.
///
/// @param version count of committed batches; only grows
/// @param mac 32-byte MAC of the version and the set digest under a key inside the store. The
///   digest itself never leaves the store.
public record StoreWitness(long version, Bytes mac) {
  /// Those of both sides of a store.
  public record Pair(StoreWitness store, StoreWitness ledger) {}

  /// What the store at `path` shows without its key: to be believed only once the key has opened a
  /// store that shows the same.
  ///
  /// @throws StoreException `MISSING`, `LOCKED`, `UNSUPPORTED_VERSION`, `WRONG_ACCOUNT`,
  ///   `WRONG_STORE`, `CORRUPTED`, `FULL` or `FAILED`
  public static Pair peek(Path path, StoreIdentity expected) throws StoreException {
    return OpenStore.peek(path, expected);
  }

  public StoreWitness {
    InvariantError.check(version >= 0, "a version is not negative");
    InvariantError.check(mac.size() == 32, "a witness MAC has 32 bytes");
  }
}
