/// Immutable bytes, strict cursors and strict JSON: what every format here is read and written
/// with.
@org.jspecify.annotations.NullMarked
module dev.holdfast.codec {
  requires static org.jspecify;
  requires tools.jackson.core;

  exports dev.holdfast.codec;
}
