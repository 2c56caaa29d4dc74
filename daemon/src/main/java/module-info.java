/// A node on a real machine.
@org.jspecify.annotations.NullMarked
module dev.holdfast.daemon {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;
  requires transitive dev.holdfast.crypto;
  requires io.helidon.http;
  requires io.helidon.webserver;
  requires java.net.http;
  requires tools.jackson.dataformat.toml;
  requires tools.jackson.databind;

  exports dev.holdfast.daemon;
  exports dev.holdfast.daemon.config;
  exports dev.holdfast.daemon.http;
  exports dev.holdfast.daemon.local;
}
