package dev.holdfast.node.work;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.protocol.AccountId;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What the gate knows of the node.
///
/// - `open`: present once the node's own store is open.
/// - `members`: accounts whose records and evidence were verified.
/// - `record`: the node's own signed record, once there is one.
/// - `leaving`: it takes no new deposits, and says so to whoever has one here.
public record GateContext(
    Optional<Open> open,
    Set<AccountId> members,
    Optional<Bytes> record,
    boolean leaving,
    boolean stopping) {
  public static final GateContext CLOSED =
      new GateContext(Optional.empty(), Collections.emptySet(), Optional.empty(), false, false);

  /// Who this node is, and what it holds for others.
  public record Open(Identity identity, LedgerView ledger) {}

  public GateContext {
    members = Collections.unmodifiableSet(new TreeSet<>(members));
  }
}
