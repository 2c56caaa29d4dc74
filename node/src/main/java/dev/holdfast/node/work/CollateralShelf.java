package dev.holdfast.node.work;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.Limits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Collateral by digest. Nothing here is trusted: whoever judges a quote verifies the collateral
/// too. Thread-safe.
///
/// Peers cannot do without this node's own present collateral and that of its origin: nothing but
/// its successor displaces either. What was fetched and what was brought are kept apart, the least
/// recently used going first, so that whoever brings many displaces only what others brought.
///
/// Spec: docs/spec/protocol.md#collateral
public final class CollateralShelf {
  private final Documents fetched = new Documents(Limits.COLLATERAL_DOCUMENTS);
  private final Documents brought = new Documents(Limits.COLLATERAL_BROUGHT);
  private Optional<Collateral> own = Optional.empty();
  private Optional<Collateral> origin = Optional.empty();

  public CollateralShelf() {}

  /// At most `limit` documents. Guarded by the shelf.
  private static final class Documents {
    private final Map<Bytes, Collateral> byDigest = new LinkedHashMap<>(16, 0.75f, true);
    private final int limit;

    Documents(int limit) {
      this.limit = limit;
    }

    void put(Collateral collateral) {
      byDigest.put(collateral.digest(), collateral);
      if (byDigest.size() > limit) {
        byDigest.remove(byDigest.keySet().iterator().next());
      }
    }

    Optional<Collateral> find(Bytes digest) {
      return Optional.ofNullable(byDigest.get(digest));
    }
  }

  /// Keeps this platform's present collateral; the one before counts as fetched from now on.
  public synchronized void putOwn(Collateral collateral) {
    own.filter(before -> !before.equals(collateral)).ifPresent(fetched::put);
    own = Optional.of(collateral);
  }

  /// This platform's present collateral.
  synchronized Optional<Collateral> own() {
    return own;
  }

  /// Keeps what this node's origin is judged with.
  public synchronized void putOrigin(Collateral collateral) {
    origin = Optional.of(collateral);
  }

  /// Keeps what this node fetched.
  public synchronized void put(Collateral collateral) {
    fetched.put(collateral);
  }

  /// Keeps what somebody brought.
  public synchronized void putBrought(Collateral collateral) {
    brought.put(collateral);
  }

  public synchronized Optional<Collateral> find(Bytes digest) {
    return Stream.of(own, origin)
        .flatMap(Optional::stream)
        .filter(kept -> kept.digest().equals(digest))
        .findFirst()
        .or(() -> fetched.find(digest))
        .or(() -> brought.find(digest));
  }
}
