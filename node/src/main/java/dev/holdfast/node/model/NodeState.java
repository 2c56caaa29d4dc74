package dev.holdfast.node.model;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// Where a node stands.
///
/// ```
/// STARTING ──→ RECOVERING ──→ CONNECTED ──→ WAITING_ADMISSION ──→ BACKING_UP ──→ READY ⇄ DEGRADED
///     └──────────────────────────┘   └──────────────┴──────────────────┴────────────┘
/// ```
///
/// A fresh node skips RECOVERING; a recovered one whose shares are all placed skips BACKING_UP;
/// READY and DEGRADED fall back to BACKING_UP when fewer than k receipts are firm any more, and to
/// UNCONFIRMED when no quorum confirms the run; an open store can turn out to be ROLLED_BACK, an
/// older run to be FENCED; from every state the way leads to STOPPING.
///
/// Spec: docs/spec/lifecycle.md
public enum NodeState {
  /// Nothing is known yet, or a fresh store is being made.
  STARTING,
  /// It has a store and not its key; it asks its providers for their shares.
  RECOVERING,
  /// Its own store is open and the registry can be read: it serves deposits and releases.
  CONNECTED,
  /// Its record is published and the registry does not list it yet.
  WAITING_ADMISSION,
  /// It is a member and places its shares; no user may write yet.
  BACKING_UP,
  /// All n shares are with providers that hold them firmly.
  READY,
  /// At least k shares are held firmly, and fewer than n are, or no loss is tolerated.
  DEGRADED,
  /// Its store is open and its shares are safe, and no quorum of its providers confirms this run
  /// (yet, or any more): users are refused.
  UNCONFIRMED,
  /// A later run of the account has taken over: this one does nothing any more.
  FENCED,
  /// Its store is older than its providers remember: it does nothing until that is accepted.
  ROLLED_BACK,
  /// It takes nothing on any more.
  STOPPING;

  private static final Set<NodeState> SETTLED =
      EnumSet.of(BACKING_UP, READY, DEGRADED, UNCONFIRMED);
  private static final Set<NodeState> ENDS = EnumSet.of(FENCED, ROLLED_BACK);

  /// True when a node may go from here to `next` in one step. Spec: docs/spec/lifecycle.md#states
  public boolean mayBecome(NodeState next) {
    if (next == this || next == STOPPING) {
      return true;
    }
    return switch (this) {
      case STARTING -> next == RECOVERING || next == CONNECTED;
      case RECOVERING -> next == CONNECTED || next == ROLLED_BACK;
      case CONNECTED -> next == WAITING_ADMISSION || SETTLED.contains(next) || ENDS.contains(next);
      case WAITING_ADMISSION, BACKING_UP, READY, DEGRADED, UNCONFIRMED ->
          SETTLED.contains(next) || ENDS.contains(next);
      case ROLLED_BACK -> next == RECOVERING || next == CONNECTED;
      case FENCED, STOPPING -> false;
    };
  }

  /// The name in status output: `waiting-admission`.
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
