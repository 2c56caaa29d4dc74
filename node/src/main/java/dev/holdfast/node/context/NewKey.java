package dev.holdfast.node.context;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.crypto.Share;
import dev.holdfast.crypto.Sharing;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.DiskToken;
import dev.holdfast.protocol.Origin;
import dev.holdfast.protocol.ReportData;
import dev.holdfast.protocol.SharingTerms;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.custody.Custody;
import dev.holdfast.protocol.posture.KeyQuorum;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// A root key that was just drawn, before anybody else knows of it: its origin is quoted, then it
/// is shared. Owns the key until it is [#shared].
public record NewKey(
    AccountId account, Bytes storeId, long generation, SecretBytes rootKey, Instant at) {
  public static NewKey draw(
      NodeContext context, AccountId account, Bytes storeId, long generation) {
    SecretBytes rootKey = SecretBytes.generate(Sharing.SECRET_SIZE, context.random);
    return new NewKey(account, storeId, generation, rootKey, wholeMillis(context));
  }

  /// The same key, to be quoted again now.
  public NewKey again(NodeContext context) {
    return new NewKey(account, storeId, generation, rootKey, wholeMillis(context));
  }

  private static Instant wholeMillis(NodeContext context) {
    return context.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private Origin.Birth birth() {
    return new Origin.Birth(Origin.commitment(rootKey, account, storeId), at);
  }

  /// What the origin quote must cover.
  public Bytes reportData(NodeContext context) {
    return ReportData.origin(context.postureDigest, account, generation, storeId, birth());
  }

  /// Splits the key among providers and custodians and draws a disk token; `quote` was judged with
  /// `collateral`.
  public Vault shared(NodeContext context, Bytes quote, Collateral collateral) {
    Threshold threshold = context.config.posture().threshold();
    List<Share> shares = Sharing.split(rootKey, threshold.k(), threshold.n(), context.random);
    Bytes sharing = SharingTerms.context(account, generation);
    DiskToken token = new DiskToken(context.randomBytes(DiskToken.SIZE));
    SharingTerms terms =
        new SharingTerms(
            account,
            generation,
            storeId,
            threshold,
            shares.stream().map(share -> Sharing.commitment(sharing, share)).toList(),
            context.workshop.ownRelease(context.config.image().role()),
            context.postureDigest,
            token.key(),
            new Origin(birth(), quote, collateral.digest()));
    return new Vault(rootKey, shares, terms, token, collateral, custody(context, terms));
  }

  private Optional<Custody> custody(NodeContext context, SharingTerms terms) {
    KeyQuorum quorum = context.config.posture().safeguards().custodians();
    return quorum.isNone()
        ? Optional.empty()
        : Optional.of(
            Custody.seal(
                context.workshop.crypto(),
                rootKey,
                terms,
                quorum,
                context.config.custodians(),
                context.random));
  }
}
