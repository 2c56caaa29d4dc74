package dev.holdfast.protocol;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What evidence a release needs: set by the depositor, travels with the deposit, judged by the
/// provider without asking anybody.
///
/// - `measurements`: 1 to 8 images, which count as long as no statement does.
/// - `statements`: whether release statements of the posture's keys say which images count.
/// - `floor`: the least that evidence must show.
///
/// Spec: docs/spec/protocol.md#release-policy
public record ReleasePolicy(
    List<Measurement> measurements, Optional<Statements> statements, EvidenceFloor floor) {
  public static final int MAX_MEASUREMENTS = 8;

  private static final Set<String> MEMBERS = Set.of("measurements", "statements", "floor");
  private static final Set<String> STATEMENT_MEMBERS = Set.of("role", "graceDays");

  /// Images of `role` that a release statement accepts; for `grace` after it has run out still for
  /// releases.
  public record Statements(String role, Duration grace) {
    public static final int MAX_GRACE_DAYS = 3650;
    public static final Duration DEFAULT_GRACE = Duration.ofDays(90);
  }

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
    return new ReleasePolicy(List.of(pinned), Optional.empty(), posture.floor());
  }

  /// This one, with statements about `role` taking the place of the images once there is one.
  public ReleasePolicy withStatements(String role) {
    return new ReleasePolicy(
        measurements, Optional.of(new Statements(role, Statements.DEFAULT_GRACE)), floor);
  }

  /// The policy for a quote of one of `images` that must carry `reportData`.
  public AttestationPolicy policy(List<Measurement> images, Bytes reportData) {
    return floor.policy(reportData).withMeasurements(images);
  }

  public JsonWriter toJson() {
    JsonWriter out =
        JsonWriter.object()
            .putObjects("measurements", measurements.stream().map(Registers::json).toList());
    statements.ifPresent(rule ->
        out.put(
            "statements",
            JsonWriter.object().put("role", rule.role()).put("graceDays", rule.grace().toDays())));
    return out.put("floor", floor.toJson());
  }

  public static ReleasePolicy read(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    JsonValue list = object.member("measurements");
    List<Measurement> measurements = new ArrayList<>();
    for (JsonValue item : list.asArray(MAX_MEASUREMENTS).items()) {
      measurements.add(Registers.read(item.asObject()));
    }
    if (measurements.isEmpty()) {
      throw list.mismatch("at least one measurement", "none");
    }
    return new ReleasePolicy(
        measurements, statements(object), EvidenceFloor.read(object.object("floor")));
  }

  private static Optional<Statements> statements(JsonObject object) throws MalformedException {
    if (!object.has("statements")) {
      return Optional.empty();
    }
    JsonObject rule = object.object("statements");
    rule.requireOnly(STATEMENT_MEMBERS);
    String role = rule.string("role");
    if (!MemberLabels.isLabel(role)) {
      throw rule.member("role").mismatch("a label", "other text");
    }
    return Optional.of(
        new Statements(
            role, Duration.ofDays(rule.integer("graceDays", 0, Statements.MAX_GRACE_DAYS))));
  }
}
