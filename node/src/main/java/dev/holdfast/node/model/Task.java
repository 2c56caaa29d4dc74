package dev.holdfast.node.model;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.protocol.manifest.Manifest;
import java.util.List;

/// Expensive pure work; `Workshop.perform` does it.
public sealed interface Task {
  /// Verify one record of the registry; answered with [Input.MemberJudged].
  record JudgeRecord(Bytes record) implements Task {}

  /// Verify the node's own quote, so that it knows what others will see; answered with
  /// [Input.OwnQuoteJudged].
  record JudgeOwnQuote(QuoteTicket ticket, Bytes quote, Bytes reportData, Collateral collateral)
      implements Task {}

  /// Combine shares, verify the origin, then the manifest; answered with [Input.Unlocked] or
  /// [Input.UnlockFailed]. The shares stay the node's.
  record Unlock(Manifest.Received manifest, List<Share> shares) implements Task {
    public Unlock {
      shares = List.copyOf(shares);
    }
  }
}
