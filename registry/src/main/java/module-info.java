/// Membership views.
@org.jspecify.annotations.NullMarked
module dev.holdfast.registry {
  requires static org.jspecify;
  requires java.net.http;
  requires transitive dev.holdfast.codec;
  requires transitive dev.holdfast.protocol;

  exports dev.holdfast.registry;
  exports dev.holdfast.registry.etcd;
}
