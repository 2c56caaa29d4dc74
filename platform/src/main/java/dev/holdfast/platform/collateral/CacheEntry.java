package dev.holdfast.platform.collateral;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;

/// One set in the cache's folder.
///
/// @param fetchedAt when the service gave it; only says when to ask again
record CacheEntry(Instant fetchedAt, Collateral collateral) {
  /// Bound on the file.
  static final int MAX_FILE_BYTES = Collateral.MAX_SIZE + 1024;

  private static final int VERSION = 1;

  Bytes toJson() {
    String json = new String(collateral.toJson().toArray(), StandardCharsets.UTF_8);
    return JsonWriter.object()
        .put("version", VERSION)
        .put("fetched-at", fetchedAt.toString())
        .raw("collateral", json)
        .toBytes();
  }

  static CacheEntry parse(Bytes json) throws MalformedException {
    JsonObject document = Json.parse(json).asObject();
    document.requireOnly(Set.of("version", "fetched-at", "collateral"));
    document.integer("version", VERSION, VERSION);
    JsonObject inner = document.object("collateral");
    return new CacheEntry(
        document.instant("fetched-at"),
        Collateral.parse(json.slice(inner.start(), inner.end() - inner.start())));
  }
}
