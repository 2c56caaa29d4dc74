package dev.holdfast.platform.collateral;

import dev.holdfast.attestation.CollateralExamination.Facts;
import dev.holdfast.attestation.tcb.Issue;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonValue.Member;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The newest of each document that was ever held: nothing older is taken. Only grows. Immutable.
///
/// Documents of the two channels, and of single evaluation numbers, have floors of their own: each
/// is newer than the other in its own way. CRLs have one for each issuer.
///
/// Spec: docs/operating/collateral.md#floors
record Floors(Map<String, Floor> byDocument) {
  /// Bound on the documents known; Intel knows about a hundred kinds of platforms.
  static final int MAX_DOCUMENTS = 4096;

  /// Bound on the file.
  static final int MAX_FILE_BYTES = 1024 * 1024;

  static final Floors NONE = new Floors(Map.of());

  private static final int VERSION = 1;

  Floors {
    byDocument = Map.copyOf(byDocument);
  }

  /// @param number the TCB evaluation data number, 0 for CRLs
  /// @param issued `issueDate` or `thisUpdate`
  record Floor(int number, Instant issued) {
    static Floor of(Issue issue) {
      return new Floor(issue.evaluationNumber(), issue.issueDate());
    }

    /// The higher of each.
    Floor with(Floor other) {
      return new Floor(
          Math.max(number, other.number), issued.isAfter(other.issued) ? issued : other.issued);
    }

    boolean isBelow(Floor floor) {
      return number < floor.number || issued.isBefore(floor.issued);
    }

    @Override
    public String toString() {
      return "number " + number + " of " + issued;
    }
  }

  /// The floor of each document in a set; of a set with a revoked issuer, whose key may be
  /// anybody's, the root CRL's alone.
  static Map<String, Floor> of(CollateralKey key, Facts facts) {
    Floor rootCrl = new Floor(0, facts.rootCrl().thisUpdate());
    if (facts.issuerRevoked()) {
      return new TreeMap<>(Map.of("root-crl", rootCrl));
    }
    String update = key.update().code();
    String kind = key.technology() + "-" + key.fmspc().toHex() + "-" + update;
    return new TreeMap<>(
        Map.of(
            "tcb-info-" + kind,
            Floor.of(facts.tcbInfo()),
            "qe-identity-" + key.technology() + "-" + update,
            Floor.of(facts.qeIdentity()),
            "pck-crl-" + key.ca().code(),
            new Floor(0, facts.pckCrl().thisUpdate()),
            "root-crl",
            rootCrl));
  }

  /// The documents that are older than known, in words; none when the set may be taken.
  List<String> older(Map<String, Floor> documents) {
    List<String> older = new ArrayList<>();
    documents.forEach((name, found) -> {
      Floor floor = byDocument.getOrDefault(name, found);
      if (found.isBelow(floor)) {
        older.add("%s: expected at least %s, found %s".formatted(name, floor, found));
      }
    });
    return older;
  }

  /// The higher of both for each document. Once full it learns no new documents; it never forgets.
  Floors with(Map<String, Floor> documents) {
    Map<String, Floor> merged = new TreeMap<>(byDocument);
    new TreeMap<>(documents)
        .forEach((name, floor) -> {
          if (merged.containsKey(name) || merged.size() < MAX_DOCUMENTS) {
            merged.merge(name, floor, Floor::with);
          }
        });
    return new Floors(merged);
  }

  boolean hasRoomFor(Map<String, Floor> documents) {
    return with(documents).byDocument.keySet().containsAll(documents.keySet());
  }

  /// @param anchor digest of the trust anchor under which they were learned
  Bytes toJson(Bytes anchor) {
    JsonWriter floors = JsonWriter.object();
    new TreeMap<>(byDocument)
        .forEach((name, floor) ->
            floors.put(
                name,
                JsonWriter.object()
                    .put("number", floor.number())
                    .put("issued", floor.issued().toString())));
    return JsonWriter.object()
        .put("version", VERSION)
        .put("anchor", anchor.toHex())
        .put("floors", floors)
        .toBytes();
  }

  /// @throws MalformedException when it is not exactly what [#toJson] writes, or of another anchor
  static Floors parse(Bytes json, Bytes anchor) throws MalformedException {
    JsonObject document = Json.parse(json).asObject();
    document.requireOnly(Set.of("version", "anchor", "floors"));
    document.integer("version", VERSION, VERSION);
    if (!document.hex("anchor", anchor.size()).equals(anchor)) {
      throw document.mismatch("the trust anchor in use", "another; name another folder for it");
    }
    JsonObject floors = document.object("floors");
    if (floors.members().size() > MAX_DOCUMENTS) {
      throw floors.mismatch("at most " + MAX_DOCUMENTS + " documents", "more");
    }
    Map<String, Floor> byDocument = new TreeMap<>();
    for (Member member : floors.members()) {
      JsonObject floor = member.value().asObject();
      floor.requireOnly(Set.of("number", "issued"));
      byDocument.put(
          member.name(),
          new Floor((int) floor.integer("number", 0, Integer.MAX_VALUE), floor.instant("issued")));
    }
    return new Floors(byDocument);
  }
}
