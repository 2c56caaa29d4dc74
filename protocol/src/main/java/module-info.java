/// Records, messages, manifests and their bytes; nothing here decides anything.
@org.jspecify.annotations.NullMarked
module dev.holdfast.protocol {
  requires static org.jspecify;
  requires transitive dev.holdfast.attestation;
  requires transitive dev.holdfast.codec;
  requires transitive dev.holdfast.crypto;

  exports dev.holdfast.protocol;
  exports dev.holdfast.protocol.custody;
  exports dev.holdfast.protocol.manifest;
  exports dev.holdfast.protocol.message;
  exports dev.holdfast.protocol.posture;
  exports dev.holdfast.protocol.run;
  exports dev.holdfast.protocol.statement;
}
