/// Evidence from the machine.
@org.jspecify.annotations.NullMarked
module dev.holdfast.platform {
  requires static org.jspecify;
  requires transitive dev.holdfast.attestation;
  requires transitive dev.holdfast.codec;
  requires java.net.http;

  exports dev.holdfast.platform;
  exports dev.holdfast.platform.collateral;
}
