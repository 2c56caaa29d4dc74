package dev.holdfast.protocol;

import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.tcb.TcbStatus;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The least that evidence must show whatever image it speaks of: accepted TCB statuses, accepted
/// advisories under them, and the lowest evaluation number. Both lists sorted and without doubles.
public record EvidenceFloor(
    List<TcbStatus> tcbStatuses, List<String> advisoryIds, int minEvaluationNumber) {
  public static final int MAX_ADVISORIES = 64;

  private static final int MAX_EVALUATION_NUMBER = 1_000_000;
  private static final Pattern ADVISORY = Pattern.compile("[A-Z0-9-]{1,32}");
  private static final Set<String> MEMBERS =
      Set.of("tcbStatuses", "advisoryIds", "minEvaluationNumber");

  public EvidenceFloor {
    tcbStatuses = List.copyOf(new TreeSet<>(tcbStatuses));
    advisoryIds = List.copyOf(new TreeSet<>(advisoryIds));
    InvariantError.check(!tcbStatuses.isEmpty(), "a floor accepts some status");
  }

  /// Up to date only.
  public static EvidenceFloor defaults() {
    return new EvidenceFloor(List.of(TcbStatus.UP_TO_DATE), List.of(), 0);
  }

  /// This floor as a policy that accepts any image.
  public AttestationPolicy policy(Bytes reportData) {
    return AttestationPolicy.defaults()
        .withAcceptedStatuses(EnumSet.copyOf(tcbStatuses))
        .withAcceptedAdvisoryIds(new TreeSet<>(advisoryIds))
        .withMinEvaluationNumber(minEvaluationNumber)
        .withReportData(reportData);
  }

  /// True when this accepts nothing that `floor` refuses.
  public boolean isWithin(EvidenceFloor floor) {
    return floor.tcbStatuses.containsAll(tcbStatuses)
        && floor.advisoryIds.containsAll(advisoryIds)
        && minEvaluationNumber >= floor.minEvaluationNumber;
  }

  public JsonWriter toJson() {
    return JsonWriter.object()
        .putStrings("tcbStatuses", tcbStatuses.stream().map(TcbStatus::code).toList())
        .putStrings("advisoryIds", advisoryIds)
        .put("minEvaluationNumber", minEvaluationNumber);
  }

  public static EvidenceFloor read(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    List<TcbStatus> statuses = new ArrayList<>();
    JsonValue list = object.member("tcbStatuses");
    for (JsonValue item : list.asArray(TcbStatus.values().length).items()) {
      statuses.add(
          TcbStatus.of(item.asString())
              .filter(status -> !status.terminal())
              .orElseThrow(() -> item.mismatch("an acceptable TCB status", "another")));
    }
    List<String> advisories = new ArrayList<>();
    for (JsonValue item : object.array("advisoryIds", MAX_ADVISORIES).items()) {
      if (!ADVISORY.matcher(item.asString()).matches()) {
        throw item.mismatch("an advisory id", "other text");
      }
      advisories.add(item.asString());
    }
    if (statuses.isEmpty()) {
      throw list.mismatch("at least one status", "none");
    }
    EvidenceFloor floor =
        new EvidenceFloor(
            statuses,
            advisories,
            (int) object.integer("minEvaluationNumber", 0, MAX_EVALUATION_NUMBER));
    if (!floor.tcbStatuses.equals(statuses) || !floor.advisoryIds.equals(advisories)) {
      throw object.mismatch("sorted lists without doubles", "another order");
    }
    return floor;
  }
}
