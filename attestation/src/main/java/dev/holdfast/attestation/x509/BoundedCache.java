package dev.holdfast.attestation.x509;

import dev.holdfast.codec.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Remembers results by their exact input or its hash; forgets the least recently used. Only
/// successes belong here. Thread-safe.
public final class BoundedCache<V> {
  private final Map<Bytes, V> entries;

  public BoundedCache(int capacity) {
    entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Bytes, V> eldest) {
            return size() > capacity;
          }
        };
  }

  public synchronized Optional<V> find(Bytes key) {
    return Optional.ofNullable(entries.get(key));
  }

  public synchronized void put(Bytes key, V value) {
    entries.put(key, value);
  }

  synchronized int size() {
    return entries.size();
  }
}
