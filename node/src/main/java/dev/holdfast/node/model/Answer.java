package dev.holdfast.node.model;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.protocol.Problem;
import dev.holdfast.protocol.message.ProviderProof;
import dev.holdfast.protocol.message.Receipt;
import dev.holdfast.protocol.message.Release;
import dev.holdfast.protocol.run.ClaimAnswer;
import dev.holdfast.protocol.run.RetireAck;
import dev.holdfast.protocol.run.WitnessAck;

/// What the node decided to answer; `Workshop.render` signs and seals it and makes it HTTP, on the
/// thread of the exchange.
public sealed interface Answer {
  record Refused(Problem problem) implements Answer {}

  record Proof(Identity identity, ProviderProof proof, Bytes quote, Bytes collateralDigest)
      implements Answer {}

  record Receipted(Identity identity, Receipt receipt) implements Answer {}

  record ClaimConfirmed(Identity identity, ClaimAnswer answer) implements Answer {}

  record WitnessHeld(Identity identity, WitnessAck ack) implements Answer {}

  record Retired(Identity identity, RetireAck ack) implements Answer {}

  /// A share to seal; whoever renders the answer, or drops it, closes `share`.
  record ShareReleased(
      Identity identity, Release release, SecretBytes share, EnvelopeKey to, Bytes info)
      implements Answer {}
}
