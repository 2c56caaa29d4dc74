package dev.holdfast.node.model;

import dev.holdfast.attestation.Claims;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.Share;
import dev.holdfast.protocol.message.Receipt;

/// What a peer's answer proved.
public sealed interface Reply {
  record Challenged(Bytes challenge) implements Reply {}

  /// A live proof: signed, quoted under our posture, over our nonce.
  record Proved(EnvelopeKey envelopeKey, Claims claims) implements Reply {}

  /// A signed receipt for the very deposit that was sent.
  record Acknowledged(Receipt.Received receipt) implements Reply {}

  /// A signed release whose share matches its commitment; the node closes the share.
  record Released(Share share, long instance) implements Reply {}

  /// The provider signed that it holds no deposit of the account that is to be recovered.
  record NothingHeld(Setback setback) implements Reply {}

  record Failed(Setback setback) implements Reply {}
}
