package dev.holdfast.node.model;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.crypto.EnvelopeKey;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.ReleasePolicy;
import dev.holdfast.protocol.manifest.Manifest;
import dev.holdfast.protocol.message.DepositParcel;
import dev.holdfast.protocol.message.PossessionRequest;
import dev.holdfast.protocol.message.RecoveryRequest;
import dev.holdfast.protocol.run.Claim;
import dev.holdfast.protocol.run.Retire;
import dev.holdfast.protocol.run.Witness;
import java.util.List;

/// Something to ask of a peer. `Workshop.prepare` makes the request, `Workshop.judge` makes of the
/// reply what the node is told.
public sealed interface Call {
  record AskChallenge(Peer peer, AccountId self) implements Call {}

  /// `accepted` says which images may become our provider.
  record AskProof(
      Peer peer, Identity identity, Bytes challenge, Bytes nonce, ReleasePolicy accepted)
      implements Call {}

  /// `parcel` stays the node's.
  record SendDeposit(
      Peer peer, Identity identity, EnvelopeKey to, DepositParcel parcel, Evidence evidence)
      implements Call {}

  /// `keys` open the answer and stay the node's; the share must fit `manifest`.
  record AskRelease(Peer peer, RecoveryRequest request, EnvelopeKeys keys, Manifest manifest)
      implements Call {}

  record SendClaim(Peer peer, Claim.Signed claim) implements Call {}

  record SendWitness(Peer peer, Witness.Signed witness) implements Call {}

  record SendRetire(Peer peer, Retire.Signed retire) implements Call {}

  /// `expected` is what a provider answers that holds the share.
  record AskPossession(
      Peer peer, Identity identity, PossessionRequest request, PossessionRequest.Answers expected)
      implements Call {}

  /// The peer's release statement is later than ours; `then` is answered by `reply` afterwards.
  record FetchStatement(Endpoint endpoint, Call then, Reply reply) implements Call {}

  /// Our release statement is later than the peer's; as before.
  record PushStatement(Endpoint endpoint, Bytes statement, Call then, Reply reply)
      implements Call {}

  /// A release statement that the peer may not have.
  record TellStatement(Peer peer, Bytes statement) implements Call {}

  /// Collateral that `then` waits for, with the reply that could not be judged without it.
  record FetchCollateral(Endpoint endpoint, Bytes digest, Pending then) implements Call {}

  /// Collateral that the peer lacked when it was asked `then`.
  record PushCollateral(Endpoint endpoint, List<Collateral> documents, Call then) implements Call {
    public PushCollateral {
      documents = List.copyOf(documents);
      InvariantError.check(!documents.isEmpty(), "a push brings something");
    }
  }

  /// The same call once more, after the peer was given what it lacked; it will not be given twice.
  record Again(Call call) implements Call {}

  /// A round's quote, for one provider.
  record Evidence(Bytes challenge, List<Bytes> entries, Bytes quote, Bytes collateralDigest) {
    public Evidence {
      entries = List.copyOf(entries);
    }
  }

  /// What to judge once collateral has come: a reply to a call, or a task.
  sealed interface Pending {
    record Answered(Call call, HttpReply reply) implements Pending {}

    record Work(Task task) implements Pending {}
  }
}
