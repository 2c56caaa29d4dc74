package dev.holdfast.attestation.x509;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.codec.Bytes;
import org.junit.jupiter.api.Test;

class BoundedCacheTest {
  @Test
  void cache_overCapacity_forgetsTheLeastRecentlyUsed() {
    BoundedCache<String> cache = new BoundedCache<>(2);
    Bytes first = Bytes.zero(1);
    Bytes second = Bytes.zero(2);
    cache.put(first, "first");
    cache.put(second, "second");
    assertEquals("first", cache.find(first).orElseThrow());
    cache.put(Bytes.zero(3), "third");
    assertEquals(2, cache.size());
    assertTrue(cache.find(second).isEmpty());
    assertTrue(cache.find(first).isPresent());
  }
}
