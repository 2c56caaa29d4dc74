package dev.holdfast.node.work;

import dev.holdfast.codec.Bytes;
import dev.holdfast.node.model.Identity;
import dev.holdfast.node.model.LedgerView;
import dev.holdfast.node.model.MemberImage;
import dev.holdfast.protocol.AccountId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the gate knows of the node.
///
/// - `open`: present once the node's own store is open.
/// - `members`: whose records and evidence were verified.
/// - `record`: the node's own signed record, once there is one.
/// - `leaving`: it takes no new deposits, and says so to whoever has one here.
public record GateContext(
    Optional<Open> open,
    Map<AccountId, MemberImage> members,
    Optional<Bytes> record,
    boolean leaving,
    boolean stopping) {
  public static final GateContext CLOSED =
      new GateContext(Optional.empty(), Collections.emptyMap(), Optional.empty(), false, false);

  /// Who this node is, and what it holds for others.
  public record Open(Identity identity, LedgerView ledger) {}

  public GateContext {
    members = Collections.unmodifiableMap(new TreeMap<>(members));
  }
}
