/// A development vendor under its own root. Nothing it issues is worth trusting.
@org.jspecify.annotations.NullMarked
module dev.holdfast.simulator {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;

  exports dev.holdfast.simulator;
  exports dev.holdfast.simulator.pccs;
  exports dev.holdfast.simulator.pki;
  exports dev.holdfast.simulator.quote;
  exports dev.holdfast.simulator.tcb;
}
