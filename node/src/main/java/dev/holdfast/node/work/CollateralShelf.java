package dev.holdfast.node.work;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Collateral by digest: pinned what this node itself depends on (its own, its origin's), beside it
/// what peers brought, the least recently used going first beyond [Limits#COLLATERAL_DOCUMENTS], so
/// that nobody can push out the former. Nothing here is trusted: whoever judges a quote verifies
/// the collateral too. Thread-safe.
public final class CollateralShelf {
  /// Own collateral is replaced now and then; peers may still ask for the one before.
  static final int PINNED = 8;

  private final Map<Bytes, Collateral> pinned = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Bytes, Collateral> brought = new LinkedHashMap<>(16, 0.75f, true);

  public CollateralShelf() {}

  /// Keeps what a peer brought.
  public synchronized void put(Collateral collateral) {
    put(brought, collateral, Limits.COLLATERAL_DOCUMENTS);
  }

  /// Keeps what this node depends on.
  public synchronized void pin(Collateral collateral) {
    put(pinned, collateral, PINNED);
  }

  public synchronized Optional<Collateral> find(Bytes digest) {
    return Optional.ofNullable(pinned.get(digest))
        .or(() -> Optional.ofNullable(brought.get(digest)));
  }

  public synchronized int size() {
    return pinned.size() + brought.size();
  }

  private static void put(Map<Bytes, Collateral> documents, Collateral collateral, int most) {
    documents.put(collateral.digest(), collateral);
    if (documents.size() > most) {
      documents.remove(documents.keySet().iterator().next());
    }
  }
}
