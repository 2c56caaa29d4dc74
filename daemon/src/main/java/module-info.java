/// A node on a real machine.
@org.jspecify.annotations.NullMarked
module dev.holdfast.daemon {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;

  exports dev.holdfast.daemon;
}
