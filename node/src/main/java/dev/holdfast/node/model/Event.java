package dev.holdfast.node.model;

import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.ProblemCode;
import java.util.Optional;

/// What happened, for the log. Holds ids, codes and words for people, never a secret.
public sealed interface Event {
  record StateChanged(NodeState from, NodeState to, String sentence) implements Event {}

  /// A new account and store were made: there was no manifest.
  record FreshStart(AccountId account) implements Event {}

  /// A pending manifest, and the store with it, was set aside: no deposit was ever sent under it,
  /// or so many providers signed that they hold none that nobody can ever open it. No user ever
  /// wrote.
  record UnusedStoreSetAside(AccountId account) implements Event {}

  /// The root key is back, its origin and the manifest are verified.
  record Unlocked(int sharesUsed, long millis) implements Event {}

  /// A recovery was rehearsed; `setback` is why it would not have opened the store.
  record Drilled(int shares, int needed, Optional<Setback> setback) implements Event {}

  /// A custodian's share has come; `accepted` of the `needed` are here.
  record CustodianApproved(Bytes custodian, int accepted, int needed) implements Event {}

  /// Not the providers, but so many custodians opened the store.
  record OpenedByCustodians(int approvals) implements Event {}

  record StoreOpened(AccountId account, long instance) implements Event {}

  record RecordPublished(long instance) implements Event {}

  record ManifestCommitted(int receipts, int firm) implements Event {}

  record ReceiptObtained(AccountId provider, int index, boolean firm) implements Event {}

  /// A provider of ours, or somebody who should have become one, failed us.
  record ProviderFailed(AccountId provider, String name, Setback setback) implements Event {}

  /// A member's record was not accepted.
  record MemberRefused(String account, Setback setback) implements Event {}

  record DepositTaken(AccountId depositor, long generation, long instance) implements Event {}

  /// A depositor's later generation took the place of everything below it.
  record DepositRetired(AccountId depositor, long generation) implements Event {}

  /// A new root key is being placed, and why.
  record RotationBegun(long generation, String cause) implements Event {}

  /// The account's root key is of this generation now.
  record Rotated(long generation) implements Event {}

  /// Providers of the generation before have forgotten their shares; its root key opens nothing.
  record GenerationRetired(long generation, int acknowledged) implements Event {}

  /// A rotation was given up before it changed anything.
  record RotationAbandoned(long generation, Setback setback) implements Event {}

  /// The owner is going to stop this node for good.
  record Leaving() implements Event {}

  record DepositRefused(AccountId depositor, ProblemCode code) implements Event {}

  /// A share went to an attested, accepted requester. `again`: the very same request as before.
  record Released(AccountId account, boolean again) implements Event {}

  record ReleaseRefused(AccountId account, ProblemCode code) implements Event {}

  /// This run speaks for its account: so many providers have confirmed it.
  record Confirmed(long instance, int providers) implements Event {}

  /// No quorum of providers confirms this run any more: users are refused until one does.
  record Unconfirmed(long instance) implements Event {}

  /// A later run has claimed the account: this one has ended.
  record Fenced(long instance, Setback setback) implements Event {}

  /// The store is older than what its providers remember.
  record RolledBack(Setback setback) implements Event {}

  /// The release keys signed that the store may go on although it went back.
  record RollbackAccepted(Setback setback) implements Event {}

  /// A member's store shows two states of one version, both signed by it.
  record ForkSeen(AccountId account) implements Event {}

  /// A later release statement is in force, and in the store.
  record StatementKept(long serial) implements Event {}

  /// Something of the node's own failed.
  record Failed(Setback setback) implements Event {}
}
