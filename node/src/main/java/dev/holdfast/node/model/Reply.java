package dev.holdfast.node.model;

import dev.holdfast.attestation.Claims;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.Share;
import dev.holdfast.protocol.message.Receipt;
import dev.holdfast.protocol.run.Ballot;
import dev.holdfast.protocol.run.ClaimAnswer;
import dev.holdfast.protocol.run.Witness;
import java.util.Optional;

/// What a peer's answer proved.
public sealed interface Reply {
  record Challenged(Bytes challenge) implements Reply {}

  /// A live proof: signed, quoted under our posture, over our nonce.
  record Proved(EnvelopeKey envelopeKey, Claims claims) implements Reply {}

  /// A signed receipt for the very deposit that was sent.
  record Acknowledged(Receipt.Received receipt) implements Reply {}

  /// A signed release whose share matches its commitment; the node closes the share. `witness` is
  /// signed by the account.
  record Released(Share share, long instance, Optional<Witness.Signed> witness) implements Reply {}

  /// The provider signed that it holds no deposit of the account that is to be recovered.
  record NothingHeld(Setback setback) implements Reply {}

  /// The provider confirms the very claim that was sent; the witness in it is signed by the
  /// account.
  record Claimed(ClaimAnswer answer) implements Reply {}

  /// The provider showed a claim of another run, signed by the account, that beats the one sent.
  record ClaimLost(Ballot winner, Setback setback) implements Reply {}

  /// The provider durably holds the very witness that was sent.
  record Witnessed() implements Reply {}

  /// The provider has durably forgotten what it was told to forget.
  record Retired() implements Reply {}

  /// The provider holds the share, and may be leaving.
  record Possessed(boolean leaving) implements Reply {}

  /// The peer has the statement now.
  record Told() implements Reply {}

  record Failed(Setback setback) implements Reply {}
}
