package dev.holdfast.node.backup;

import dev.holdfast.node.context.Vault;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.manifest.Manifest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What is to be placed, and how.
///
/// - `atLeast`: with how many receipts it may be committed, when there are no more members.
/// - `former`: who holds the generation before, when there is one.
/// - `unfit`: who is not to have a share of this generation.
/// - `open`: whom something may be sent to now.
record Aim(
    Vault vault,
    int atLeast,
    Optional<Manifest.Former> former,
    Set<AccountId> unfit,
    Predicate<AccountId> open) {
  Aim {
    unfit = Set.copyOf(unfit);
  }

  /// The first generation of an account, or the one that its manifest names.
  static Aim of(Vault vault, Optional<Manifest.Former> former) {
    return new Aim(vault, vault.terms().threshold().k(), former, Set.of(), _ -> true);
  }

  boolean isSuccessor() {
    return vault.terms().generation() > 1;
  }
}
