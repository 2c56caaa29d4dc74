/// The sealed store: RocksDB below, sealed above.
// rocksdbjni has no module descriptor; it is not part of the exported API.
@SuppressWarnings("requires-automatic")
@org.jspecify.annotations.NullMarked
module dev.holdfast.store {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;
  requires transitive dev.holdfast.crypto;
  requires rocksdbjni;

  exports dev.holdfast.store;
}
