/// Membership views.
@org.jspecify.annotations.NullMarked
module dev.holdfast.registry {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;
  requires transitive dev.holdfast.protocol;

  exports dev.holdfast.registry;
}
