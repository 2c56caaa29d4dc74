package dev.holdfast.attestation;

import dev.holdfast.codec.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Remembers results by the hash of their exact input; forgets the least recently used. Only
/// successes belong here. Thread-safe.
final class BoundedCache<V> {
  private final Map<Bytes, V> entries;

  BoundedCache(int capacity) {
    entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Bytes, V> eldest) {
            return size() > capacity;
          }
        };
  }

  synchronized Optional<V> find(Bytes key) {
    return Optional.ofNullable(entries.get(key));
  }

  synchronized void put(Bytes key, V value) {
    entries.put(key, value);
  }

  synchronized int size() {
    return entries.size();
  }
}
