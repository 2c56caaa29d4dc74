package dev.holdfast.node;

import dev.holdfast.node.backup.ProviderSet;
import dev.holdfast.node.backup.RunView;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.run.Ballot;

/// The present run, as its claims and witnesses stand.
record OwnRun(Claiming claiming, Witnessing witnessing) implements RunView {
  @Override
  public Ballot ballot() {
    return claiming.ballot();
  }

  @Override
  public boolean isHeldBy(ProviderSet set) {
    return claiming.isHeldBy(set);
  }

  @Override
  public boolean isTakenBy(AccountId provider) {
    return claiming.isTakenBy(provider);
  }

  @Override
  public boolean isWitnessedBy(ProviderSet set) {
    return witnessing.isWitnessedBy(set);
  }
}
