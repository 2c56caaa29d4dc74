package dev.holdfast.registry;

import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.AccountId;
import java.time.Duration;
import java.util.Optional;

/// Where members publish their records and find those of others: a folder, etcd, a chain.
///
/// **Never trusted.** It hands out bytes; whoever uses a record verifies its signature, its quote
/// and that it is the account's it was asked for. A lying registry can hide members, show old
/// records, and cost its readers time; it can make nobody trust anything. It is never asked on the
/// way to a release, and its outage stops no recovery.
///
/// The shape is level-triggered: a [#view] of what is known now and a way to wait for a newer one,
/// no stream of changes. A slow reader skips intermediate states and costs no memory, and an
/// implementation that lost its place in a stream (a compacted etcd, a forked chain, an overflowing
/// file watch) loads again and nobody sees the difference. A view lists accounts with tags, not
/// records, since 500 000 records do not fit a heap: a record is fetched by [#record] when its tag
/// is new. On a chain, which holds no records, that asks the member's own endpoint.
///
/// Thread-safe. Every method but [#view] may block; an interrupt ends it.
public interface MembershipRegistry extends AutoCloseable {
  /// What is known now. Never blocks and never fails: a registry that cannot be reached keeps its
  /// last good view and marks it stale.
  MembershipView view();

  /// Waits until the view has another revision than `known`, and returns it; returns the unchanged
  /// view after `atMost`.
  ///
  /// @throws RegistryException when the registry is closed
  MembershipView awaitChange(long known, Duration atMost)
      throws RegistryException, InterruptedException;

  /// The published bytes of `account`'s [dev.holdfast.protocol.SignedRecord], at least as new as in
  /// the view; empty when there are none (any more). They have the record's form at most: nothing
  /// is verified.
  ///
  /// @throws RegistryException when the registry cannot be reached or is closed
  Optional<Bytes> record(AccountId account) throws RegistryException, InterruptedException;

  /// Publishes a [dev.holdfast.protocol.SignedRecord]'s bytes and returns when that is durable and
  /// in this object's view. The record stays listed until it is withdrawn or replaced, and, where
  /// the registry holds leases, no longer than this object is open. The same bytes again are no
  /// change. Never goes back: newer is the one of the greater instance, then the later `issuedAt`.
  ///
  /// @throws RegistryException when the record is malformed, not newer than the one published, the
  ///   registry full, out of reach or closed
  void publish(Bytes record) throws RegistryException, InterruptedException;

  /// Takes back what was published for `account`; no error when nothing was.
  ///
  /// @throws RegistryException when the registry cannot be reached or is closed
  void withdraw(AccountId account) throws RegistryException, InterruptedException;

  /// Ends watching and every wait. The last view stays readable.
  @Override
  void close();
}
