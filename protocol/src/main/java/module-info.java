/// Records, messages and their bytes.
@org.jspecify.annotations.NullMarked
module dev.holdfast.protocol {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;

  exports dev.holdfast.protocol;
}
