/// The node as a pure state machine.
@org.jspecify.annotations.NullMarked
module dev.holdfast.node {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;

  exports dev.holdfast.node;
}
