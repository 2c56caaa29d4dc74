package dev.holdfast.node.backup;

import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.run.Ballot;

/// What the rest of the node knows of its own run, as far as changing who holds its shares depends
/// on it.
public interface RunView {
  Ballot ballot();

  /// A quorum of `set` confirms this run now.
  boolean isHeldBy(ProviderSet set);

  /// `provider` has taken the claim of this run.
  boolean isTakenBy(AccountId provider);

  /// A quorum of `set` holds a witness of this run that is no older than any that was acknowledged
  /// to users.
  boolean isWitnessedBy(ProviderSet set);
}
