/// The sealed store: RocksDB below, sealed above.
@org.jspecify.annotations.NullMarked
module dev.holdfast.store {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;

  exports dev.holdfast.store;
}
