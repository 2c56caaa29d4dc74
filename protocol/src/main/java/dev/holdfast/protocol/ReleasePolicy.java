package dev.holdfast.protocol;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What evidence a release needs: set by the depositor, travels with the deposit, judged by the
/// provider without asking anybody.
///
/// Spec: docs/spec/protocol.md#release-policy
public record ReleasePolicy(List<Measurement> measurements, EvidenceFloor floor) {
  public static final int MAX_MEASUREMENTS = 8;

  private static final Set<String> MEMBERS = Set.of("measurements", "floor");
  private static final Set<String> REGISTERS = Set.of("mrTd", "rtmr0", "rtmr1", "rtmr2", "rtmr3");

  public ReleasePolicy {
    measurements = List.copyOf(measurements);
    InvariantError.check(
        !measurements.isEmpty() && measurements.size() <= MAX_MEASUREMENTS,
        "a release policy names one to eight images");
  }

  /// The policy that accepts the image `own` only, its registers as `posture` pins them.
  public static ReleasePolicy ofImage(Measurement own, Posture posture) {
    Measurement pinned =
        new Measurement(
            own.mrTd(),
            posture.pinRtmr0() ? own.rtmr0() : Optional.empty(),
            own.rtmr1(),
            own.rtmr2(),
            posture.pinRtmr3() ? own.rtmr3() : Optional.empty());
    return new ReleasePolicy(List.of(pinned), posture.floor());
  }

  /// This policy for a quote that must carry `reportData`.
  public AttestationPolicy policy(Bytes reportData) {
    return floor.policy(reportData).withMeasurements(measurements);
  }

  public JsonWriter toJson() {
    return JsonWriter.object()
        .putObjects("measurements", measurements.stream().map(ReleasePolicy::json).toList())
        .put("floor", floor.toJson());
  }

  public static ReleasePolicy read(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    JsonValue list = object.member("measurements");
    List<Measurement> measurements = new ArrayList<>();
    for (JsonValue item : list.asArray(MAX_MEASUREMENTS).items()) {
      measurements.add(measurement(item.asObject()));
    }
    if (measurements.isEmpty()) {
      throw list.mismatch("at least one measurement", "none");
    }
    return new ReleasePolicy(measurements, EvidenceFloor.read(object.object("floor")));
  }

  private static JsonWriter json(Measurement measurement) {
    JsonWriter out = JsonWriter.object().put("mrTd", measurement.mrTd());
    measurement.rtmr0().ifPresent(value -> out.put("rtmr0", value));
    out.put("rtmr1", measurement.rtmr1()).put("rtmr2", measurement.rtmr2());
    measurement.rtmr3().ifPresent(value -> out.put("rtmr3", value));
    return out;
  }

  private static Measurement measurement(JsonObject object) throws MalformedException {
    object.requireOnly(REGISTERS);
    return new Measurement(
        register(object, "mrTd"),
        optional(object, "rtmr0"),
        register(object, "rtmr1"),
        register(object, "rtmr2"),
        optional(object, "rtmr3"));
  }

  private static Bytes register(JsonObject object, String name) throws MalformedException {
    return object.base64Url(name, Measurement.REGISTER_SIZE);
  }

  private static Optional<Bytes> optional(JsonObject object, String name)
      throws MalformedException {
    return object.has(name) ? Optional.of(register(object, name)) : Optional.empty();
  }
}
