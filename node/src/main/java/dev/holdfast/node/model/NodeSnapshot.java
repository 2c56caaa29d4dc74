package dev.holdfast.node.model;

import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Threshold;
import dev.holdfast.protocol.statement.RollbackAcceptance;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What others may see of a node, after one step.
///
/// - `sentence`: what the node is doing, what is missing, and the next step, for people.
/// - `setback`: what holds it up, when something does.
/// - `storeOpen`: its own store is open.
/// - `witnessed`: the version of the store up to which a quorum of providers has acknowledged what
///   was written, -1 for none in this run.
/// - `unwitnessedSince`: since when what was written waits for that quorum; empty when nothing
///   does.
/// - `rollback`: what the release keys would have to sign, when the store went back.
/// - `custody`: how far the custodians are with opening it, while it is locked and has any.
/// - `drill`: the last rehearsed recovery of this run.
/// - `account`, `generation`, `instance`: known (0 when not) from the manifest on, believed from
///   `storeOpen` on.
public record NodeSnapshot(
    NodeState state,
    Instant since,
    String sentence,
    Optional<Setback> setback,
    Self self,
    Threshold threshold,
    boolean storeOpen,
    Users users,
    long witnessed,
    Optional<Instant> unwitnessedSince,
    Optional<RollbackAcceptance> rollback,
    List<ProviderStatus> providers,
    Optional<CustodyStatus> custody,
    Optional<DrillReport> drill,
    int members,
    Held held,
    Counters counters) {
  public NodeSnapshot {
    providers = List.copyOf(providers);
  }

  /// Its manifest is committed, at least k receipts are firm, the run is confirmed.
  public boolean acceptsUserWrites() {
    return users.mayWrite();
  }

  /// What users may do: read when the run is confirmed, write when what they write is also safe.
  public record Users(boolean mayRead, boolean mayWrite) {}

  /// What the node holds for others: shares of so many accounts, and whether it is leaving.
  public record Held(long accounts, boolean leaving) {}

  /// What came of a rehearsed recovery.
  ///
  /// - `number`: counted from 1 in this run of the node.
  /// - `shares` of the `needed` came and were the right ones; `providers` says who gave none and
  ///   why.
  /// - `setback`: why the node could not have opened its store; empty when it could.
  public record DrillReport(
      long number,
      Instant at,
      int shares,
      int needed,
      List<ProviderStatus> providers,
      Optional<Setback> setback) {
    public DrillReport {
      providers = List.copyOf(providers);
    }

    public boolean succeeded() {
      return setback.isEmpty();
    }
  }

  /// Who the node is, as far as it knows; `drawnAt` is when its present root key was drawn.
  public record Self(
      Optional<AccountId> account,
      Optional<Bytes> storeId,
      long generation,
      Optional<Instant> drawnAt,
      long instance,
      Bytes posture,
      boolean insecureSimulatedPlatform) {}
}
