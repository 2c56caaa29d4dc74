package dev.holdfast.node.model;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.EnvelopeKeys;
import dev.holdfast.crypto.Share;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.custody.Custody;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.manifest.Manifest;
import java.util.List;

/// Expensive pure work; `Workshop.perform` does it.
public sealed interface Task {
  /// Whose shares of the root key they are.
  enum Sharers {
    PROVIDERS,
    CUSTODIANS
  }

  /// Verify one record of the registry; answered with [Input.MemberJudged].
  record JudgeRecord(Bytes record) implements Task {}

  /// Verify the node's own quote, so that it knows what others will see; answered with
  /// [Input.OwnQuoteJudged].
  record JudgeOwnQuote(QuoteTicket ticket, Bytes quote, Bytes reportData, Collateral collateral)
      implements Task {}

  /// Open what a custodian sealed to this VM, and compare it with what the manifest says of its
  /// share; answered with [Input.ApprovalJudged].
  record OpenApproval(
      CustodyApproval approval, Custody custody, SharingTerms terms, EnvelopeKeys keys)
      implements Task {}

  /// Verify the origin, combine shares, then verify the manifest; answered with [Input.Unlocked] or
  /// [Input.UnlockFailed]. The shares stay the node's.
  record Unlock(Manifest.Received manifest, Sharers sharers, List<Share> shares) implements Task {
    public Unlock {
      shares = List.copyOf(shares);
    }
  }
}
