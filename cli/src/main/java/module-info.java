/// The holdfast command.
@org.jspecify.annotations.NullMarked
module dev.holdfast.cli {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;
  requires dev.holdfast.attestation;
  requires dev.holdfast.crypto;
  requires transitive dev.holdfast.daemon;
  requires dev.holdfast.entropy;
  requires dev.holdfast.node;
  requires dev.holdfast.platform;
  requires dev.holdfast.protocol;
  requires dev.holdfast.simulator;
  requires info.picocli;

  exports dev.holdfast.cli;
  exports dev.holdfast.cli.console;
  exports dev.holdfast.cli.custodian;
  exports dev.holdfast.cli.demo;
  exports dev.holdfast.cli.entropy;
  exports dev.holdfast.cli.quote;

  opens dev.holdfast.cli to
      info.picocli;
  opens dev.holdfast.cli.custodian to
      info.picocli;
  opens dev.holdfast.cli.demo to
      info.picocli;
  opens dev.holdfast.cli.entropy to
      info.picocli;
  opens dev.holdfast.cli.quote to
      info.picocli;
}
