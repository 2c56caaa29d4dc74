/// The node as a pure state machine: inputs in, effects out.
@org.jspecify.annotations.NullMarked
module dev.holdfast.node {
  requires static org.jspecify;
  requires transitive dev.holdfast.protocol;

  exports dev.holdfast.node;
  exports dev.holdfast.node.context;
  exports dev.holdfast.node.log;
  exports dev.holdfast.node.model;
  exports dev.holdfast.node.work;
}
