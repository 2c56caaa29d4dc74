package dev.holdfast.node.work;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Collateral by digest: this node's own and what peers brought, the least recently used going
/// first beyond [Limits#COLLATERAL_DOCUMENTS]. Nothing here is trusted: whoever judges a quote
/// verifies the collateral too. Thread-safe.
public final class CollateralShelf {
  private final Map<Bytes, Collateral> documents = new LinkedHashMap<>(16, 0.75f, true);

  public CollateralShelf() {}

  public synchronized void put(Collateral collateral) {
    documents.put(collateral.digest(), collateral);
    if (documents.size() > Limits.COLLATERAL_DOCUMENTS) {
      documents.remove(documents.keySet().iterator().next());
    }
  }

  public synchronized Optional<Collateral> find(Bytes digest) {
    return Optional.ofNullable(documents.get(digest));
  }

  public synchronized int size() {
    return documents.size();
  }
}
