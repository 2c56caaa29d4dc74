package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.P256Key;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a vendor persists: a seed for platforms, and key and certificate of each authority.
///
/// Spec: docs/spec/simulator.md#the-vendors-file
record VendorFile(Bytes seed, Instant created, Map<Authority, Issued> authorities) {
  private static final String TYPE = "holdfast-development-vendor";
  private static final String WARNING =
      "For development only. The private keys in this file are public by design:"
          + " never configure its root where data matters.";
  private static final int MAX_CERTIFICATE_BYTES = 4096;
  private static final Set<String> NAMES =
      Set.of("type", "version", "warning", "seed", "created", "authorities");
  private static final Set<String> AUTHORITY_NAMES =
      Set.of("name", "scalar", "point", "certificate");

  /// An authority's key and the DER of its certificate.
  record Issued(P256Key key, Bytes certificate) {}

  VendorFile {
    authorities = Collections.unmodifiableMap(new EnumMap<>(authorities));
  }

  static VendorFile generate(Bytes seed, Instant now) {
    Instant created = now.truncatedTo(ChronoUnit.SECONDS);
    Map<Authority, P256Key> keys = new EnumMap<>(Authority.class);
    for (Authority authority : Authority.values()) {
      keys.put(authority, P256Key.derive(derive(seed, "authority", authority.name())));
    }
    Certificates certificates = new Certificates(keys, created);
    Map<Authority, Issued> authorities = new EnumMap<>(Authority.class);
    keys.forEach((authority, key) ->
        authorities.put(authority, new Issued(key, certificates.of(authority).issue())));
    return new VendorFile(seed, created, authorities);
  }

  static VendorFile parse(Bytes json) throws MalformedException {
    JsonObject object = Json.parse(json).asObject();
    object.requireOnly(NAMES);
    if (!object.string("type").equals(TYPE)) {
      throw object.member("type").mismatch(TYPE, "another type");
    }
    object.integer("version", 1, 1);
    Instant created = created(object.member("created"));
    Map<Authority, Issued> authorities = new EnumMap<>(Authority.class);
    Set<String> missing = new HashSet<>();
    List.of(Authority.values()).forEach(authority -> missing.add(authority.name()));
    for (JsonValue item : object.array("authorities", Authority.values().length).items()) {
      JsonObject authority = item.asObject();
      authority.requireOnly(AUTHORITY_NAMES);
      if (!missing.remove(authority.string("name"))) {
        throw authority.member("name").mismatch("each authority once", "another name");
      }
      authorities.put(Authority.valueOf(authority.string("name")), issued(authority));
    }
    if (!missing.isEmpty()) {
      throw object.member("authorities").mismatch("every authority", "fewer");
    }
    return new VendorFile(object.base64Url("seed", 32), created, authorities);
  }

  VendorFile withCertificate(Authority authority, Bytes certificate) {
    Map<Authority, Issued> changed = new EnumMap<>(authorities);
    changed.computeIfPresent(authority, (a, issued) -> new Issued(issued.key(), certificate));
    return new VendorFile(seed, created, changed);
  }

  Bytes toJson() {
    return JsonWriter.object()
        .put("type", TYPE)
        .put("version", 1)
        .put("warning", WARNING)
        .put("created", created.toString())
        .put("seed", seed)
        .putObjects("authorities", authorities.entrySet().stream().map(VendorFile::json).toList())
        .toBytes();
  }

  /// 32 bytes for a key of `name`.
  Bytes derive(String purpose, String name) {
    return derive(seed, purpose, name);
  }

  private static Bytes derive(Bytes seed, String purpose, String name) {
    return Frame.of("simulator " + purpose).add(seed).add(name).toBytes().sha256();
  }

  private static JsonWriter json(Map.Entry<Authority, Issued> entry) {
    return JsonWriter.object()
        .put("name", entry.getKey().name())
        .put("scalar", entry.getValue().key().scalar())
        .put("point", entry.getValue().key().point())
        .put("certificate", entry.getValue().certificate());
  }

  private static Issued issued(JsonObject authority) throws MalformedException {
    P256Key key =
        P256Key.restore(authority.base64Url("scalar", 32), authority.base64Url("point", 64));
    Bytes certificate = authority.base64UrlUpTo("certificate", MAX_CERTIFICATE_BYTES);
    if (!key.isCertifiedBy(certificate)) {
      throw authority.member("certificate").mismatch("this key's certificate", "another");
    }
    return new Issued(key, certificate);
  }

  private static Instant created(JsonValue value) throws MalformedException {
    try {
      return Instant.parse(value.asString());
    } catch (DateTimeException e) {
      throw value.mismatch("an instant", "other text");
    }
  }
}
