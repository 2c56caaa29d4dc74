package dev.holdfast.protocol.posture;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;

/// What a posture says about the life of a fleet over restarts, upgrades and losses.
///
/// - `releaseKeys`: who signs release statements and acceptances of a rollback (Ed25519 keys).
/// - `custodians`: who opens a store when its providers are lost (fingerprints of their keys).
/// - `tcbGraceDays`: for how long after the vendor raised a TCB level evidence of the level before
///   still gets a release.
///
/// Spec: docs/spec/protocol.md#posture
public record Safeguards(
    KeyQuorum releaseKeys,
    KeyQuorum custodians,
    Fencing fencing,
    Witnessing witnessing,
    int tcbGraceDays) {
  public static final int MAX_GRACE_DAYS = 365;
  public static final Safeguards DEFAULT =
      new Safeguards(KeyQuorum.NONE, KeyQuorum.NONE, Fencing.DEFAULT, Witnessing.DEFAULT, 30);

  public Safeguards {
    InvariantError.check(
        tcbGraceDays >= 0 && tcbGraceDays <= MAX_GRACE_DAYS, "a grace is checked before");
  }

  /// Adds the members to `out`.
  public JsonWriter write(JsonWriter out) {
    return out.put("releaseKeys", releaseKeys.toJson())
        .put("custodians", custodians.toJson())
        .put("fencing", fencing.toJson())
        .put("witness", witnessing.toJson())
        .put("tcbGraceDays", tcbGraceDays);
  }

  /// Reads these members of `object`.
  public static Safeguards read(JsonObject object) throws MalformedException {
    return new Safeguards(
        KeyQuorum.read(object.object("releaseKeys")),
        KeyQuorum.read(object.object("custodians")),
        Fencing.read(object.object("fencing")),
        Witnessing.read(object.object("witness")),
        (int) object.integer("tcbGraceDays", 0, MAX_GRACE_DAYS));
  }
}
