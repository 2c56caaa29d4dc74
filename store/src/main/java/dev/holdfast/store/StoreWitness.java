package dev.holdfast.store;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;

/// What somebody else remembers, to notice later that a store went back in time.
///
/// @param version count of committed batches; only grows
/// @param mac 32-byte MAC of the version and the set digest under a key inside the store. The
///   digest itself never leaves the store.
public record StoreWitness(long version, Bytes mac) {
  public StoreWitness {
    InvariantError.check(version >= 0, "a version is not negative");
    InvariantError.check(mac.size() == 32, "a witness MAC has 32 bytes");
  }
}
