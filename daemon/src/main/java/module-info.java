/// A node on a real machine.
@org.jspecify.annotations.NullMarked
module dev.holdfast.daemon {
  requires static org.jspecify;
  requires transitive dev.holdfast.attestation;
  requires transitive dev.holdfast.codec;
  requires transitive dev.holdfast.crypto;
  requires transitive dev.holdfast.entropy;
  requires transitive dev.holdfast.node;
  requires transitive dev.holdfast.protocol;
  requires transitive dev.holdfast.platform;
  requires transitive dev.holdfast.registry;
  requires transitive dev.holdfast.simulator;
  requires transitive dev.holdfast.store;
  requires io.helidon.http;
  requires io.helidon.webserver;
  requires java.logging;
  requires java.net.http;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.toml;

  exports dev.holdfast.daemon;
  exports dev.holdfast.daemon.config;
  exports dev.holdfast.daemon.entropy;
  exports dev.holdfast.daemon.http;
  exports dev.holdfast.daemon.local;
  exports dev.holdfast.daemon.log;
  exports dev.holdfast.daemon.pccs;
  exports dev.holdfast.daemon.runtime;
}
